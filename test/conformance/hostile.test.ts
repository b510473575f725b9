import { type ServiceError, status } from '@grpc/grpc-js';
import fc from 'fast-check';
import { providerMethods } from '../../provider/protocol';
import { createProviderServer } from '../../provider/resources';
import { hostileRequests } from '../provider/protocol/hostile-requests';
import { recordingLog } from '../provider/resources/recording-log';
import { Conformance } from './provider';

/** Over the wire to the built provider, whichever its form; KSM_IAC_HOSTILE_MESSAGES sets another number. */
const MESSAGES = Number(process.env.KSM_IAC_HOSTILE_MESSAGES ?? 20_000) / 10;

const server = createProviderServer({ version: '0.0.0', log: recordingLog() });
// The first says nothing that can be wrong, and stops all that follows; the second would leave it without a service.
const paths = [...providerMethods(server, recordingLog()).keys()].filter(
  (path) => !/Stop|ConfigureProvider/.test(path),
);

let provider: Conformance;
beforeAll(async () => {
  provider = await Conformance.start();
}, 240_000);
afterAll(() => provider.close());

test(`${MESSAGES} hostile messages are each answered or refused, and the provider serves on`, async () => {
  let answered = 0;
  await fc.assert(
    fc.asyncProperty(hostileRequests(server.schemas, paths), async ({ path, request }) => {
      try {
        await provider.send(path, request);
        answered += 1;
      } catch (error) {
        const { code, details } = error as ServiceError;
        if (code !== status.INVALID_ARGUMENT) throw new Error(`${path} ended with ${code}: ${details}`);
      }
    }),
    { numRuns: MESSAGES, endOnFailure: true },
  );
  // Most must get further than the decoder, or this tests nothing else.
  expect(answered).toBeGreaterThan(MESSAGES / 3);
  await provider.apply('ksm_application', { name: 'after all that' });
}, 600_000);

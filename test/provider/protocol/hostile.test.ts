import fc from 'fast-check';
import { InvalidRequestError, providerMethods } from '../../../provider/protocol';
import { SILENT, tinyServer } from '../tiny/server';
import { hostileRequests } from './hostile-requests';

/**
 * Requests that no Terraform sends. Each must be answered, or refused as one
 * that breaks the protocol; what it may not be is a failure inside the
 * provider. The number is for a run of seconds; KSM_IAC_HOSTILE_MESSAGES sets another.
 */
const MESSAGES = Number(process.env.KSM_IAC_HOSTILE_MESSAGES ?? 20_000);

const server = tinyServer();
const methods = providerMethods(server, SILENT);
const never = { signal: new AbortController().signal };
const requests = hostileRequests(server.schemas, [...methods.keys()]);

test(`${MESSAGES} hostile messages are each answered or refused, and nothing fails inside`, async () => {
  await server.configure({ terraformVersion: '1.11.4', config: { prefix: 'remembers' } });
  let answered = 0;
  await fc.assert(
    fc.asyncProperty(requests, async ({ path, request }) => {
      try {
        const reply = methods.get(path)!(request, never);
        if (Symbol.asyncIterator in reply) for await (const _ of reply) answered += 1;
        else await reply.then(() => (answered += 1));
      } catch (error) {
        if (!(error instanceof InvalidRequestError)) throw new Error(`${path} failed inside`, { cause: error });
      }
    }),
    { numRuns: MESSAGES, endOnFailure: true },
  );
  // Most must get further than the decoder, or this tests nothing else.
  expect(answered).toBeGreaterThan(MESSAGES / 3);
}, 600_000);

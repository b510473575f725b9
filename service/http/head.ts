import type { FastifyInstance } from 'fastify';
import { KsmError } from '../../contract/errors';

/** What HTTP asks of a request's head, and Node would refuse by itself with an empty reply. */
export function refuseUnusableHeads(app: FastifyInstance): void {
  app.addHook('onRequest', async ({ headers, raw }, reply) => {
    if (headers.host === undefined && raw.httpVersion === '1.1') {
      // RFC 9112, 3.2: whatever follows on this connection cannot be trusted either.
      reply.header('connection', 'close');
      throw new KsmError('invalid_request', 'The header Host is missing. Check the client and any proxy.');
    }
    if (headers.expect !== undefined && !expectsContinue(headers.expect)) {
      throw new KsmError(
        'expectation_failed',
        'The header Expect names something other than "100-continue". Leave the header out.',
      );
    }
  });
}

/** A client that waits with its body sends it when it is wanted: not one that has no token, or is too large. */
export function continueWhenWanted(app: FastifyInstance): void {
  app.addHook('preParsing', async ({ headers }, reply) => {
    if (expectsContinue(headers.expect)) {
      reply.raw.writeContinue();
    }
  });
}

const expectsContinue = (header: string | undefined) => /(^|\W)100-continue($|\W)/i.test(header ?? '');

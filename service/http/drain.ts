import type { FastifyInstance } from 'fastify';
import { KsmError } from '../../contract/errors';

/** What is in flight has so long once the service is told to stop, in milliseconds. */
export const DRAIN_MS = 8_000;

export interface Drain {
  /** From now on every new request is `shutting_down`. Resolves when nothing is in flight any more, or after `limitMs`. */
  begin(limitMs?: number): Promise<void>;
}

/**
 * Ends the service without cutting a request off. Fastify's own closing
 * answers later requests with an error that is no problem of this API.
 */
export function drainable(app: FastifyInstance): Drain {
  let begun = false;
  let inFlight = 0;
  let emptied = () => {};
  app.addHook('onRequest', async (_request, reply) => {
    if (begun) {
      reply.header('connection', 'close');
      throw new KsmError('shutting_down', 'The service is stopping and takes no new requests. Try again in a moment.');
    }
    inFlight++;
    // `close` comes once for every reply, also for one whose client went away.
    reply.raw.once('close', () => {
      inFlight--;
      if (inFlight === 0) {
        emptied();
      }
    });
  });
  return {
    async begin(limitMs = DRAIN_MS) {
      begun = true;
      if (inFlight === 0) {
        return;
      }
      await new Promise<void>((resolve) => {
        const limit = setTimeout(resolve, limitMs);
        emptied = () => {
          clearTimeout(limit);
          resolve();
        };
      });
    },
  };
}

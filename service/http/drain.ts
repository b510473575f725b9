import type { FastifyInstance } from 'fastify';
import { KsmError } from '../../contract/errors';
import { after, nextTurn } from '../world/timers';

/** What is in flight has so long once the service is told to stop, in milliseconds. */
export const DRAIN_MS = 8_000;

/**
 * Between two requests of a busy connection nothing is in flight. So long, in milliseconds, after the last answer is
 * what comes on it still answered, with `shutting_down` and the end of the connection, instead of being cut off. Each
 * connection gets one such answer, so busy ones lengthen a stop by their number at most.
 */
const QUIET_MS = 100;

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
  let requests = 0;
  let emptied = () => {};
  app.addHook('onRequest', async (_request, reply) => {
    requests++;
    if (begun) {
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
  app.addHook('onSend', async (_request, reply) => {
    // A connection that is kept alive would be cut off under its next request.
    if (begun) {
      reply.header('connection', 'close');
    }
  });
  return {
    async begin(limitMs = DRAIN_MS) {
      begun = true;
      if (inFlight === 0 && (await openConnections(app)) === 0) {
        return;
      }
      await new Promise<void>((resolve) => {
        let endQuiet = () => {};
        const over = () => {
          endLimit();
          endQuiet();
          resolve();
        };
        const endLimit = after(limitMs, over);
        emptied = () => {
          endQuiet();
          const before = requests;
          // Where the process was busy, requests that arrived in time are still unread when the time is over: they
          // are read before the immediate runs.
          endQuiet = after(QUIET_MS, () => nextTurn(() => (requests === before ? over() : emptied())));
        };
        if (inFlight === 0) {
          emptied();
        }
      });
    },
  };
}

function openConnections({ server }: FastifyInstance): Promise<number> {
  return new Promise((resolve) => server.getConnections((error, count) => resolve(error ? 0 : count)));
}

import type { FastifyInstance } from 'fastify';
import { PROBLEMS } from '../../contract/errors';

/** Why a request was refused, as its line in the log tells it. */
export interface LoggedRefusal {
  /** Of a problem, or of the device API's own errors. */
  readonly code: string;
  readonly reason?: string;
  /** Of a client that there is. */
  readonly clientId?: string;
  /** Of another, the beginning of the SHA-256 of what it says that it is. */
  readonly unknownClient?: string;
}

declare module 'fastify' {
  interface FastifyRequest {
    refusal: LoggedRefusal | undefined;
  }
}

/** One line a request: template of the route, never URL, headers or body. */
export function logRequests(app: FastifyInstance): void {
  app.decorateRequest('refusal', undefined);
  app.addHook('onResponse', async (request, reply) => {
    const line = {
      method: request.method,
      route: request.routeOptions.url ?? null,
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime * 10) / 10,
      principal: request.authenticated?.principal?.name,
      ip: request.ip,
      ...request.refusal,
    };
    // Probes and scrapes come every few seconds for ever; of a flood the rate limit says once that it is there.
    const { statusCode } = reply;
    const quiet =
      request.authenticated?.principal === undefined &&
      (statusCode < 400 || statusCode === PROBLEMS.rate_limited.status);
    request.log[quiet ? 'debug' : 'info'](line, 'request');
  });
}

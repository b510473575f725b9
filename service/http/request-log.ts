import type { FastifyInstance } from 'fastify';
import { PROBLEMS } from '../../contract/errors';

/** One line a request: template of the route, never URL, headers or body. */
export function logRequests(app: FastifyInstance): void {
  app.addHook('onResponse', async (request, reply) => {
    const line = {
      method: request.method,
      route: request.routeOptions.url ?? null,
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime * 10) / 10,
      principal: request.authenticated?.principal?.name,
      ip: request.ip,
    };
    // Probes and scrapes come every few seconds for ever; of a flood the rate limit says once that it is there.
    const { statusCode } = reply;
    const quiet =
      request.authenticated?.principal === undefined &&
      (statusCode < 400 || statusCode === PROBLEMS.rate_limited.status);
    request.log[quiet ? 'debug' : 'info'](line, 'request');
  });
}

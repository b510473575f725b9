import type { FastifyInstance } from 'fastify';

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
    // Probes and scrapes come every few seconds for ever.
    const quiet = request.authenticated?.principal === undefined && reply.statusCode < 400;
    request.log[quiet ? 'debug' : 'info'](line, 'request');
  });
}

import type { FastifyInstance } from 'fastify';
import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client';

/** Labels are bounded: methods, route templates and statuses that exist. Never an id, a name or an address. */
/** @param droppedLogLines lines of the log that could not be written since the start */
export function measureRequests(app: FastifyInstance, droppedLogLines: () => number): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const requests = new Counter({
    name: 'ksm_iac_http_requests_total',
    help: 'Requests answered, by method, route and status.',
    labelNames: ['method', 'route', 'status'] as const,
    registers: [registry],
  });
  const seconds = new Histogram({
    name: 'ksm_iac_http_request_duration_seconds',
    help: 'Time from the head of a request to the end of its reply, in seconds.',
    labelNames: ['method', 'route'] as const,
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5, 30],
    registers: [registry],
  });
  const refusals = new Counter({
    name: 'ksm_iac_refusals_total',
    help: 'Requests refused, by the API (v1 or device) and the code of its error.',
    labelNames: ['api', 'code'] as const,
    registers: [registry],
  });
  new Counter({
    name: 'ksm_iac_log_lines_dropped_total',
    help: 'Log lines that nobody read in time, or that found the disk full.',
    registers: [registry],
    collect() {
      this.reset();
      this.inc(droppedLogLines());
    },
  });
  app.addHook('onResponse', async (request, reply) => {
    const known = request.routeOptions.url;
    // Without a route the method is free text as well.
    const labels =
      known === undefined ? { method: 'any', route: 'unmatched' } : { method: request.method, route: known };
    if (request.refusal) {
      const api = request.routeOptions.config?.face === 'device' ? 'device' : 'v1';
      refusals.inc({ api, code: request.refusal.code });
    }
    requests.inc({ ...labels, status: reply.statusCode });
    seconds.observe(labels, reply.elapsedTime / 1000);
  });
  return registry;
}

import type { FastifyInstance } from 'fastify';
import { sql } from 'kysely';
import type { Registry } from 'prom-client';
import { KsmError } from '../../contract/errors';
import type { Database } from '../store/database';

/** What orchestrators ask, without a token: is it alive, is it ready, how is it doing. */
export function healthRoutes(app: FastifyInstance, parts: { database: Database; metrics: Registry }): void {
  const { database, metrics } = parts;
  // Monitors ask by HEAD, too.
  const options = { config: { rateLimit: false }, schema: { hide: true }, exposeHeadRoute: true };

  app.get('/healthz', options, async () => ({ status: 'ok' }));

  app.get('/readyz', options, async (request) => {
    try {
      await sql`select 1`.execute(database.db);
    } catch (error) {
      request.log.error({ err: error }, 'the database does not answer');
      throw new KsmError('vault_unavailable', 'The database does not answer. The log of the service has the cause.');
    }
    return { status: 'ready' };
  });

  app.get('/metrics', options, async (_request, reply) =>
    reply.type(metrics.contentType).send(await metrics.metrics()),
  );
}

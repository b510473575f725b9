import type { FastifyInstance } from 'fastify';
import { Counter, type Registry } from 'prom-client';
import { KsmError } from '../../contract/errors';
import type { Database } from '../store/database';
import { isStoreError } from '../store/store-error';
import type { Clock } from '../world/clock';
import { databaseUnavailable } from './problem';

/** How long an answer of the disk holds: anybody may ask whether the service is ready, and each answer is a commit. */
const PROBE_MS = 1_000;

/** What orchestrators ask, without a token: is it alive, is it ready, how is it doing. */
export function healthRoutes(
  app: FastifyInstance,
  parts: { database: Database; vaultHealth: () => Promise<void>; metrics: Registry; clock: Clock },
): void {
  const { database, vaultHealth, metrics, clock } = parts;
  // Monitors ask by HEAD, too.
  const options = { schema: { hide: true }, exposeHeadRoute: true };
  const unlimited = { ...options, config: { unlimited: true } };
  const probe = atMostOnceIn(clock, PROBE_MS, () => database.probe());
  const askVault = atMostOnceIn(clock, PROBE_MS, vaultHealth);
  countFailures(database, metrics);

  app.get('/healthz', unlimited, async () => ({ status: 'ok' }));

  app.get('/readyz', unlimited, async (request) => {
    try {
      await probe();
    } catch (error) {
      request.log.error({ err: error }, 'the database does not answer');
      throw isStoreError(error, 'database_unavailable')
        ? databaseUnavailable(error)
        : new KsmError('vault_unavailable', 'The database does not answer. The log of the service has the cause.');
    }
    await askVault();
    return { status: 'ready' };
  });

  app.get('/metrics', options, async (_request, reply) =>
    reply.type(metrics.contentType).send(await metrics.metrics()),
  );
}

/** Those who ask meanwhile get the same answer. */
function atMostOnceIn(clock: Clock, milliseconds: number, ask: () => Promise<void>): () => Promise<void> {
  let answer: Promise<void> | undefined;
  let until = 0;
  return () => {
    if (!answer || clock.monotonic() >= until) {
      until = Number.POSITIVE_INFINITY;
      answer = ask().finally(() => {
        until = clock.monotonic() + milliseconds;
      });
    }
    return answer;
  };
}

function countFailures({ failures }: Database, registry: Registry): void {
  new Counter({
    name: 'ksm_iac_database_failures_total',
    help: "Calls that the database's file, its disk or another program made fail, by the engine's code.",
    labelNames: ['code'] as const,
    registers: [registry],
    collect() {
      this.reset();
      for (const [code, count] of failures) {
        this.inc({ code }, count);
      }
    },
  });
}

import type { Database } from '../store/database';
import { notFoundIn } from '../vault/not-found';
import type { Vault } from '../vault/port';
import type { AuditTrail } from './audit-trail';
import type { Calls } from './calls';
import { deadAmong, holdItem } from './run-item';
import type { Whole } from './whole';

interface Bound {
  readonly applicationId: string;
  readonly clientId: string;
  readonly kind: 'device' | 'gateway';
}

/** What the device API refused. */
interface Refused {
  /** Undefined: nobody knows who asked. Such requests are counted and logged alone. */
  readonly client?: Bound | undefined;
  readonly redeeming: boolean;
  readonly code: string;
  readonly reason: string;
}

/** They say nothing of the client: it asks again later. */
const PASSING: ReadonlySet<string> = new Set(['throttled', 'internal_error']);

/** What follows from a device that redeemed its token, or used its configuration, at this service's own device API. */
export function redemptionOperations(options: {
  vault: Vault;
  calls: Calls;
  whole: Whole;
  database: Database;
  auditTrail: AuditTrail;
}) {
  const { vault, calls, whole, database, auditTrail } = options;

  const isDead = async ({ applicationId, clientId }: Pick<Bound, 'applicationId' | 'clientId'>): Promise<boolean> =>
    (await deadAmong(database.db, [applicationId, `${applicationId}/${clientId}`])).size > 0;

  const claimed = ({ applicationId, clientId, kind }: Bound, verb: 'bind' | 'use'): Promise<void> =>
    whole(async () => {
      const nouns = vault.during(calls.own());
      if (await isDead({ applicationId, clientId })) throw notFoundIn(kind, applicationId, clientId);
      const { id, name } = await nouns[kind === 'gateway' ? 'gateways' : 'devices'].get(applicationId, clientId);
      const action = `${kind === 'gateway' ? 'gateway' : 'client_device'}.${verb}` as const;
      await database.transaction(async () => {
        await holdItem(database.db, id);
        await auditTrail.done({ kind: 'device', clientId }, { action, target: id, name });
      });
    });

  return {
    /**
     * Runs in the transaction of the bind: who has redeemed a token holds it, whatever became of the run.
     *
     * @throws KsmError `device_not_found`, `gateway_not_found` for what died in the meantime
     */
    bound: (client: Bound) => claimed(client, 'bind'),

    /** The first use of a configuration that the service bound itself: from then on somebody holds it. */
    used: (client: Bound) => claimed(client, 'use'),

    /** Notes what a known client was refused. Never throws. */
    async refused({ client, redeeming, code, reason }: Refused): Promise<void> {
      if (!client || PASSING.has(code)) return;
      const { applicationId, clientId, kind } = client;
      const action = `${kind === 'gateway' ? 'gateway' : 'client_device'}.${redeeming ? 'bind' : 'access'}` as const;
      await auditTrail.refused(
        { kind: 'device', clientId },
        { action, target: `${applicationId}/${clientId}`, reason },
      );
    },

    /** Whether its run has ended without it: it is refused before its rows are gone. */
    isDead,
  };
}

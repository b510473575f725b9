import { isKsmError, KsmError } from '../../contract/errors';
import { RUN_LEASE_SECONDS } from '../../contract/limits';
import type { Run, RunSettled } from '../../contract/types';
import type { Clock } from '../clock';
import type { Database } from '../store/database';
import type { Vault } from '../vault/vault';
import type { AuditTrail } from './audit-trail';
import type { Caller } from './caller';
import { createRun, extendLeases, findRun, purgeRuns, renewLease } from './run-lease';

/** SQLite takes at most 32,766 parameters in one statement; a held list may have 10,000 ids. */
const IDS_A_STATEMENT = 1_000;

/** Runs of provider processes (DESIGN, crash safety 2 and 3). Every scope may renew and settle its own. */
export function runOperations(
  vault: Vault,
  { database, clock, auditTrail }: { database: Database; clock: Clock; auditTrail: AuditTrail },
) {
  const hold = async (ids: readonly string[]): Promise<void> => {
    for (let start = 0; start < ids.length; start += IDS_A_STATEMENT) {
      const slice = ids.slice(start, start + IDS_A_STATEMENT);
      await database.db.deleteFrom('run_items').where('item_id', 'in', slice).execute();
    }
  };

  /** Revokes a device or gateway unless somebody has redeemed it: then somebody has it. */
  const revoke = async (caller: Caller, kind: 'client_device' | 'gateway', itemId: string): Promise<boolean> => {
    const [applicationId = '', clientId = ''] = itemId.split('/');
    const nouns = kind === 'gateway' ? vault.gateways : vault.devices;
    const found = await nouns.get(applicationId, clientId).catch((error) => {
      if (isKsmError(error, 'application_not_found', 'device_not_found', 'gateway_not_found')) {
        return undefined;
      }
      throw error;
    });
    await database.db.deleteFrom('run_items').where('item_id', '=', itemId).execute();
    if (!found || found.firstAccessAt !== null) {
      return false;
    }
    await nouns.remove(applicationId, clientId);
    await auditTrail.done({ kind: 'token', caller }, { action: `${kind}.revoke`, target: itemId, name: found.name });
    return true;
  };

  return {
    /** Renews the lease, makes the run if there is none, and notes what Terraform is known to hold. */
    renew: (caller: Caller, id: string, held: readonly string[]): Promise<Run> =>
      database.transaction(async () => {
        const run = await findRun(database.db, caller, id);
        await hold(held);
        if (run?.state === 'settled') {
          return reply(run.id, 'settled', run.expires_at);
        }
        const expiresAt = run
          ? await renewLease(database.db, id, clock.now())
          : await createRun(database.db, caller, id, clock.now());
        return reply(id, 'active', expiresAt);
      }),

    /**
     * Ends the run: what it made and nobody holds is revoked, its replay copies
     * are dropped, and it makes nothing more. Settling again answers the same.
     *
     * @throws KsmError `run_not_found`, `forbidden`
     */
    settle: (caller: Caller, id: string, held: readonly string[]): Promise<RunSettled> =>
      database.transaction(async () => {
        const { db } = database;
        const run = await findRun(db, caller, id);
        if (!run) {
          throw new KsmError('run_not_found', `No request has named a run ${id}: there is nothing to settle.`);
        }
        await hold(held);
        if (run.state === 'settled') {
          return {
            id,
            state: 'settled',
            revoked: JSON.parse(run.revoked ?? '[]') as string[],
            revokedTotal: run.revoked_total ?? 0,
          };
        }
        const items = await db.selectFrom('run_items').selectAll().where('run_id', '=', id).execute();
        const revoked: string[] = [];
        for (const { kind, item_id } of items) {
          if ((kind === 'client_device' || kind === 'gateway') && (await revoke(caller, kind, item_id))) {
            revoked.push(item_id);
          }
        }
        await db.deleteFrom('idempotency').where('run_id', '=', id).execute();
        const settled = { state: 'settled' as const, revoked: JSON.stringify(revoked), revoked_total: revoked.length };
        await db.updateTable('runs').set(settled).where('id', '=', id).execute();
        return { id, state: 'settled', revoked, revokedTotal: revoked.length };
      }),

    /** For the start of a service: a run is never the victim of the time that the service was down. */
    extendLeases: () => extendLeases(database.db, clock.now()),

    /** Drops runs that were over long ago. */
    purge: () => purgeRuns(database.db, clock.now()),
  };
}

function reply(id: string, state: Run['state'], expiresAt: number): Run {
  return { id, state, leaseSeconds: RUN_LEASE_SECONDS, expiresAt: new Date(expiresAt).toISOString() };
}

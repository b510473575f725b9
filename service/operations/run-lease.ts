import { type Kysely, sql } from 'kysely';
import { KsmError } from '../../contract/errors';
import { RUN_LEASE_SECONDS } from '../../contract/limits';
import type { Schema } from '../store/schema/schema';
import type { RunItemRow, RunRow } from '../store/schema/service';
import type { Caller } from './caller';

type Db = Kysely<Schema>;

const LEASE_MS = RUN_LEASE_SECONDS * 1000;
/** A request renews the lease only once it is this old: a burst of a thousand reads writes it once. */
const STALE_AFTER_MS = 10_000;
/** A run that is over answers a settle that is repeated; after a week nobody asks any more. */
const KEEP_MS = 7 * 86_400_000;

/**
 * Makes the caller's run on its first request and keeps its lease fresh on the others.
 *
 * @throws KsmError `forbidden` for another principal's run; `run_settled` for a write in a settled one
 */
export async function touchRun(db: Db, caller: Caller, now: number, options: { write: boolean }): Promise<void> {
  const { runId } = caller;
  if (runId === undefined) {
    return;
  }
  const run = await findRun(db, caller, runId);
  if (!run) {
    await createRun(db, caller, runId, now);
  } else if (run.state === 'settled') {
    if (options.write) {
      throw new KsmError(
        'run_settled',
        `The run ${runId} was settled by its provider and makes nothing more. Run the command again: it draws a new run.`,
      );
    }
  } else if (run.expires_at < now + LEASE_MS - STALE_AFTER_MS) {
    await renewLease(db, runId, now);
  }
}

/** @throws KsmError `forbidden` for another principal's run */
export async function findRun(db: Db, { principal }: Caller, runId: string): Promise<RunRow | undefined> {
  const run = await db.selectFrom('runs').selectAll().where('id', '=', runId).executeTakeFirst();
  if (run && run.principal_id !== principal.id) {
    throw new KsmError(
      'forbidden',
      `The run ${runId} belongs to another API token than "${principal.name}". A provider draws its own run: never pass one on.`,
    );
  }
  return run;
}

export async function createRun(db: Db, { principal }: Caller, runId: string, now: number): Promise<number> {
  const expiresAt = now + LEASE_MS;
  await db
    .insertInto('runs')
    .values({ id: runId, principal_id: principal.id, state: 'active', created_at: now, expires_at: expiresAt })
    // Two first requests of one run may come at once.
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute();
  return expiresAt;
}

export async function renewLease(db: Db, runId: string, now: number): Promise<number> {
  const expiresAt = now + LEASE_MS;
  await db.updateTable('runs').set({ expires_at: expiresAt }).where('id', '=', runId).execute();
  return expiresAt;
}

/** The time that the service was down does not count: what still lived then gets a whole lease. */
export async function extendLeases(db: Db, now: number): Promise<void> {
  await db
    .updateTable('runs')
    .set({ expires_at: now + LEASE_MS })
    .where('state', '=', 'active')
    .execute();
}

/** Drops runs that ended a week ago. One that made what nobody is known to hold stays: it says whose that is. */
export async function purgeRuns(db: Db, now: number): Promise<void> {
  await db
    .deleteFrom('runs')
    // Each start of the service moves the end of a lease; the beginning of a run stays what it was.
    .where('created_at', '<=', now - KEEP_MS)
    .where('expires_at', '<=', now)
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom('run_items').select('item_id').whereRef('run_items.run_id', '=', 'runs.id'))),
    )
    .execute();
}

/** Notes that the caller's run made this. Without a run nothing ever lapses, so there is nothing to note. */
export async function recordItem(
  db: Db,
  { runId }: Caller,
  kind: RunItemRow['kind'],
  itemId: string,
  now: number,
): Promise<void> {
  await db.deleteFrom('run_items').where('item_id', '=', itemId).execute();
  if (runId !== undefined) {
    await db.insertInto('run_items').values({ item_id: itemId, run_id: runId, kind, created_at: now }).execute();
  }
}

/** Forgets a removed item and what was under it: `<applicationId>` takes `<applicationId>/…` along. */
export async function forgetItems(db: Db, itemId: string): Promise<void> {
  const prefix = `${itemId}/`;
  await db
    .deleteFrom('run_items')
    .where((where) =>
      where.or([
        where('item_id', '=', itemId),
        where(sql<string>`substr(item_id, 1, ${sql.lit(prefix.length)})`, '=', prefix),
      ]),
    )
    .execute();
}

/** An item that a later run reads by its id was saved by Terraform (DESIGN, crash safety 3). */
export async function holdItem(db: Db, itemId: string, readByRunId: string): Promise<void> {
  await db
    .deleteFrom('run_items')
    .where('item_id', '=', itemId)
    .where('run_id', '!=', readByRunId)
    .where('created_at', '<=', (later) => later.selectFrom('runs').select('created_at').where('id', '=', readByRunId))
    .execute();
}

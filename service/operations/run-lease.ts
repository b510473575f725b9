import type { Kysely } from 'kysely';
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
 * Makes the caller's run on its first write and keeps its lease fresh on the others.
 *
 * @throws KsmError `forbidden` for another principal's run; `run_settled` in one that was settled or has lapsed
 */
export async function touchRun(db: Db, caller: Caller, now: number): Promise<void> {
  const { runId } = caller;
  if (runId === undefined) {
    return;
  }
  const run = await findRun(db, caller, runId);
  if (!run) {
    await createRun(db, caller, runId, now);
  } else if (run.state !== 'active') {
    throw new KsmError(
      'run_settled',
      `The run ${runId} ${run.state === 'settled' ? 'was settled by its provider' : 'has lapsed: its provider was not heard of for too long. It'} makes nothing more. Run the command again: it draws a new run.`,
    );
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
      `The run ${runId} belongs to another principal than "${principal.name}". A provider draws its own run: never pass one on.`,
    );
  }
  return run;
}

export async function createRun(db: Db, { principal }: Caller, runId: string, now: number): Promise<number> {
  const expiresAt = now + LEASE_MS;
  await db
    .insertInto('runs')
    .values({
      id: runId,
      principal_id: principal.id,
      state: 'active',
      created_at: now,
      expires_at: expiresAt,
      revoked: null,
      revoked_total: null,
      ended_at: null,
    })
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

/** What a run made. */
export interface MadeItem {
  readonly kind: RunItemRow['kind'];
  /** Terraform's id. */
  readonly id: string;
  /** Of a device or gateway: how its credential was handed out, and when that ends unused, in milliseconds since 1970. */
  readonly initialization?: 'token' | 'config' | undefined;
  readonly endsAt?: number | undefined;
  readonly ephemeral?: boolean | undefined;
}

/** Notes that the caller's run made this. Without a run nothing ever lapses, so there is nothing to note. */
export async function recordItem(db: Db, { runId }: Caller, item: MadeItem, now: number): Promise<void> {
  await db.deleteFrom('run_items').where('item_id', '=', item.id).execute();
  if (runId === undefined) return;
  await db
    .insertInto('run_items')
    .values({
      item_id: item.id,
      run_id: runId,
      kind: item.kind,
      created_at: now,
      state: 'open',
      initialization: item.initialization ?? null,
      ephemeral: item.ephemeral ?? false,
      ends_at: item.endsAt ?? null,
      read_elsewhere: false,
    })
    .execute();
}

/** `<applicationId>/` up to, and without, what follows every id below it: `0` is the character behind `/`. */
export const below = (itemId: string): [from: string, to: string] => [`${itemId}/`, `${itemId}0`];

/** Forgets a removed item and what was under it: `<applicationId>` takes `<applicationId>/…` along. */
export async function forgetItems(db: Db, itemId: string): Promise<void> {
  await db.deleteFrom('run_items').where('item_id', '=', itemId).execute();
  // A range, so that the index answers: a comparison of substrings would read every row.
  const [from, to] = below(itemId);
  await db.deleteFrom('run_items').where('item_id', '>', from).where('item_id', '<', to).execute();
}

/** Whether the item is an ephemeral device that a run of the caller's principal made. */
export async function isOwnEphemeral(db: Db, { principal }: Caller, itemId: string): Promise<boolean> {
  const row = await db
    .selectFrom('run_items')
    .innerJoin('runs', 'runs.id', 'run_items.run_id')
    .select('run_items.ephemeral')
    .where('item_id', '=', itemId)
    .where('runs.principal_id', '=', principal.id)
    .executeTakeFirst();
  return Boolean(row?.ephemeral);
}

/** What runs made and nobody is known to hold for good: who may still see it, and whether a state has it. */

import { type ExpressionBuilder, type Kysely, sql } from 'kysely';
import { inPortions } from '../store/portions';
import type { Schema } from '../store/schema/schema';
import type { RunItemRow } from '../store/schema/service';
import type { Caller } from './caller';
import { endedAmong } from './ended-application';

type Db = Kysely<Schema>;

/** What a run made. */
export interface MadeItem {
  readonly kind: RunItemRow['kind'];
  /** Terraform's id. */
  readonly id: string;
  /** Of a device or gateway: how its credential was handed out, and when its token ends, in milliseconds since 1970. */
  readonly initialization?: 'token' | 'config' | undefined;
  readonly endsAt?: number | undefined;
  readonly ephemeral?: boolean | undefined;
}

/** Notes that the caller's run made this. Without a run nothing ever lapses, so there is nothing to note. */
export async function recordItem(db: Db, { runId }: Pick<Caller, 'runId'>, item: MadeItem, now: number): Promise<void> {
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
      // When an unused configuration ends is decided when its run lapses.
      ends_at: item.initialization === 'config' ? null : (item.endsAt ?? null),
      read_elsewhere: false,
    })
    .execute();
}

/** `<applicationId>/` up to, and without, what follows every id below it: `0` is the character behind `/`. */
export const below = (itemId: string): [from: string, to: string] => [`${itemId}/`, `${itemId}0`];

/** The application that an item is, or is in. */
export const applicationOf = (itemId: string): string => itemId.split('/', 1)[0]!;

/** Forgets a removed item and what was under it: `<applicationId>` takes `<applicationId>/…` along. */
export async function forgetItems(db: Db, itemId: string): Promise<void> {
  await db.deleteFrom('run_items').where('item_id', '=', itemId).execute();
  // A range, so that the index answers: a comparison of substrings would read every row.
  const [from, to] = below(itemId);
  await db.deleteFrom('run_items').where('item_id', '>', from).where('item_id', '<', to).execute();
}

/** Somebody has it for certain. An ephemeral device is never held: it ends with its run, used or not. */
export async function holdItem(db: Db, itemId: string): Promise<void> {
  await db.deleteFrom('run_items').where('item_id', '=', itemId).where('ephemeral', '=', false).execute();
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

type Joined = ExpressionBuilder<Schema, 'run_items' | 'runs'>;

/**
 * Dead for everybody, though its rows may still be there: its run was settled
 * and Terraform did not get it, or it is ephemeral and its run is over. The
 * state of the run alone says so: a settle is one change, however many items.
 */
export const isDead = ({ and, or, eb }: Joined) =>
  or([
    and([eb('runs.state', '=', 'settled'), eb('run_items.state', '=', 'open')]),
    and([eb('runs.state', '!=', 'active'), eb('run_items.ephemeral', '=', true)]),
  ]);

/** May stand in a state or not: its run lapsed or was lost. Also where the row does not say so yet. */
export const isUnsure = ({ and, or, eb }: Joined) =>
  and([
    eb('run_items.ephemeral', '=', false),
    or([
      eb('run_items.state', '=', 'unsure'),
      and([eb('runs.state', '=', 'lapsed'), eb('run_items.state', 'in', ['open', 'answered'])]),
    ]),
  ]);

/** Settled and never redeemed, nor read by a later run. Also where the row does not say so yet. */
export const isUnclaimed = ({ and, or, eb }: Joined) =>
  and([
    eb('run_items.ephemeral', '=', false),
    eb('run_items.kind', 'in', ['client_device', 'gateway']),
    or([
      eb('run_items.state', '=', 'unclaimed'),
      and([eb('runs.state', '=', 'settled'), eb('run_items.state', '=', 'answered')]),
    ]),
  ]);

/** Rows with their runs. */
export const itemsWithRuns = (db: Db) => db.selectFrom('run_items').innerJoin('runs', 'runs.id', 'run_items.run_id');

/** Of these ids, at most a thousand, those of the dead. */
export async function deadAmong(db: Db, ids: readonly string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const rows = await itemsWithRuns(db).select('item_id').where('item_id', 'in', ids).where(isDead).execute();
  const ended = await endedAmong(db, [...new Set(ids.map(applicationOf))]);
  return new Set([...rows.map(({ item_id }) => item_id), ...ids.filter((id) => ended.has(applicationOf(id)))]);
}

/** The dead in an application, itself included; of a deleted one itself alone, whose death is that of all in it. */
export async function deadIn(db: Db, applicationId: string): Promise<Set<string>> {
  const ids = await idsIn(applicationId, (after, limit) =>
    itemsWithRuns(db)
      .select('item_id')
      .where(isIn(applicationId))
      .where(isDead)
      .where('item_id', '>', after)
      .orderBy('item_id')
      .limit(limit)
      .execute(),
  );
  const ended = await endedAmong(db, [applicationId]);
  return new Set([...ids, ...ended]);
}

/** What of an application, itself included, no state is known to hold: a refresh that finds it tells the service. */
export async function unheldIn(db: Db, applicationId: string): Promise<Set<string>> {
  const ids = await idsIn(applicationId, (after, limit) =>
    db
      .selectFrom('run_items')
      .select('item_id')
      .where('item_id', '>=', applicationId)
      .where('item_id', '<', below(applicationId)[1])
      .where('ephemeral', '=', false)
      .where('item_id', '>', after)
      .orderBy('item_id')
      .limit(limit)
      .execute(),
  );
  return new Set(ids);
}

async function idsIn(
  applicationId: string,
  page: (after: string, limit: number) => Promise<{ item_id: string }[]>,
): Promise<string[]> {
  // The application itself comes before what is in it.
  const first = applicationId.slice(0, -1);
  const rows = await inPortions(
    (after: string | undefined, limit) => page(after ?? first, limit),
    ({ item_id }) => item_id,
  );
  return rows.map(({ item_id }) => item_id);
}

/** Ids are the application's own, which has 22 characters, or begin with it and a slash. */
export const isIn = (applicationId: string) => {
  const end = below(applicationId)[1];
  return ({ and, eb }: Joined) => and([eb('item_id', '>=', applicationId), eb('item_id', '<', end)]);
};

/** How many devices, gateways and grants in an application the condition names; without one, all that are noted. */
export async function countBelow(
  db: Db,
  applicationId: string,
  condition?: (eb: Joined) => ReturnType<typeof isDead>,
  /** Counts no further. */
  limit?: number,
): Promise<number> {
  const [from, to] = below(applicationId);
  const { count } = await db
    .selectFrom(
      itemsWithRuns(db)
        .select('item_id')
        .where('item_id', '>', from)
        .where('item_id', '<', to)
        .$if(condition !== undefined, (query) => query.where(condition!))
        .$if(limit !== undefined, (query) => query.limit(limit!))
        .as('counted'),
    )
    .select(sql<number>`count(*)`.as('count'))
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** What a provider says that Terraform holds, taken down (DESIGN, crash safety 2 and 3). */

import { isKsmError } from '../../contract/errors';
import type { Database } from '../store/database';
import type { RunItemRow, RunRow } from '../store/schema/service';
import type { Caller } from './caller';
import type { Calls } from './calls';
import type { LivingVaults } from './living-vault';
import { mayNameApplication } from './policy';
import { applicationOf, isDead, itemsWithRuns } from './run-item';
import type { Suspects } from './suspect';

/** Ids in one transaction: a held list may have 10,000. */
const IDS_A_PORTION = 500;

export interface Holding {
  /**
   * Takes down what the run holds, in portions. Ids that the caller may not see, unknown, ephemeral and dead ones are
   * passed over in silence.
   *
   * @param own whether the run's own items become answered; false: it is over, and tells nothing new of them
   */
  note(caller: Caller, run: RunOf, ids: readonly string[], own: boolean): Promise<void>;
}

/** A run as it was when the list came: what has become of it meanwhile decides about its items. */
type RunOf = Pick<RunRow, 'id' | 'state'>;
type Row = Pick<RunItemRow, 'item_id' | 'run_id'> & { run_state: RunRow['state']; principal_id: string };

export function createHolding(parts: {
  database: Database;
  living: LivingVaults;
  calls: Calls;
  suspects: Suspects;
}): Holding {
  const { database, living, calls, suspects } = parts;

  const rowsOf = (ids: readonly string[]): Promise<Row[]> =>
    itemsWithRuns(database.db)
      .select(['item_id', 'run_id', 'runs.state as run_state', 'runs.principal_id'])
      .where('item_id', 'in', ids)
      .where('ephemeral', '=', false)
      .where(({ not, ...eb }) => not(isDead(eb as Parameters<typeof isDead>[0])))
      .execute();

  async function visibleTo(caller: Caller, applicationIds: ReadonlySet<string>): Promise<ReadonlySet<string>> {
    const { principal } = caller;
    if (principal.limits.applications === null) return applicationIds;
    const vault = living.during(calls.read(caller));
    const visible = new Set<string>();
    for (const id of applicationIds) {
      try {
        if (mayNameApplication(principal, (await vault.applications.get(id)).name)) visible.add(id);
      } catch (error) {
        if (!isKsmError(error, 'application_not_found')) throw error;
      }
    }
    return visible;
  }

  async function portion(caller: Caller, run: RunOf, ids: readonly string[], own: boolean): Promise<void> {
    const found = await rowsOf(ids);
    // Most ids are held already: then nothing is written.
    if (found.length === 0) return;
    const others = found.filter((row) => row.run_id !== run.id);
    const visible = await visibleTo(caller, new Set(others.map(({ item_id }) => applicationOf(item_id))));
    await database.transaction(async () => {
      const rows = await rowsOf(found.map(({ item_id }) => item_id));
      const idsWhere = (condition: (row: Row) => boolean) => rows.filter(condition).map(({ item_id }) => item_id);
      const seen = (row: Row) => row.run_id !== run.id && visible.has(applicationOf(row.item_id));
      // It was saved: the run that made it is not needed to know that. Another principal's word counts only when
      // nothing better comes from that run: a token that may only read must not change what a settle revokes.
      const waits = (row: Row) => row.run_state === 'active' && row.principal_id !== caller.principal.id;
      await hold(idsWhere((row) => seen(row) && !waits(row)));
      await remember(idsWhere((row) => seen(row) && waits(row)));
      if (own) await answer(idsWhere((row) => row.run_id === run.id && row.run_state === run.state));
    });
  }

  /** What a state has is no leftover. */
  async function holdSuspects(caller: Caller, ids: readonly string[]): Promise<void> {
    const noted = await suspects.list({ ids });
    if (noted.length === 0) return;
    const visible = await visibleTo(caller, new Set(noted.map(({ id }) => applicationOf(id))));
    await suspects.hold(noted.map(({ id }) => id).filter((id) => visible.has(applicationOf(id))));
  }

  async function hold(ids: readonly string[]): Promise<void> {
    if (ids.length > 0) await database.db.deleteFrom('run_items').where('item_id', 'in', ids).execute();
  }
  async function remember(ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    await database.db.updateTable('run_items').set({ read_elsewhere: true }).where('item_id', 'in', ids).execute();
  }
  async function answer(ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    await database.db.updateTable('run_items').set({ state: 'answered' }).where('item_id', 'in', ids).execute();
  }

  return {
    async note(caller, run, ids, own) {
      for (let start = 0; start < ids.length; start += IDS_A_PORTION) {
        const some = ids.slice(start, start + IDS_A_PORTION);
        await portion(caller, run, some, own);
        await holdSuspects(caller, some);
      }
    },
  };
}

/**
 * The end of a run by its provider's own word. What Terraform holds is marked
 * before, in portions; then one change of the run decides about all the rest,
 * however much that is: from then on it is dead (`run-item.ts`), and the
 * reaper brings the rows in line.
 */

import { sql } from 'kysely';
import { REVOKED_MAX_ITEMS } from '../../contract/limits';
import type { RunSettled } from '../../contract/types';
import type { Database } from '../store/database';
import type { RunRow } from '../store/schema/service';
import type { Vault } from '../vault/port';
import type { Clock } from '../world/clock';
import { turn } from '../world/timers';
import type { Caller } from './caller';
import type { Calls } from './calls';
import type { Holding } from './holding';
import { dropReplayCopies, type Reaper } from './reaper';
import { countBelow, isDead } from './run-item';
import type { RunLeases } from './run-lease';

const ITEMS_A_PORTION = 500;
/** Each takes a look at the vault. Of more than so many, the rest may be adopted. */
const APPLICATIONS_MAX = 100;

export interface SettleInput {
  readonly held: readonly string[];
  readonly lost: boolean;
}

export function createSettlement(parts: {
  /** Also what is dead is counted in it. */
  vault: Vault;
  calls: Calls;
  database: Database;
  clock: Clock;
  leases: RunLeases;
  holding: Holding;
  reaper: Reaper;
}) {
  const { vault, calls, database, clock, leases, holding, reaper } = parts;

  /** In portions of items of the run. */
  async function eachPortion(
    runId: string,
    state: 'answered' | 'unsure',
    work: (items: Awaited<ReturnType<typeof itemsOf>>) => Promise<unknown>,
  ): Promise<void> {
    for (let more = true; more; ) {
      more = await database.transaction(async () => {
        const items = await itemsOf(runId, state);
        if (items.length > 0) await work(items);
        return items.length === ITEMS_A_PORTION;
      });
    }
  }
  const itemsOf = (runId: string, state: 'answered' | 'unsure') =>
    database.db
      .selectFrom('run_items')
      .selectAll()
      .where('run_id', '=', runId)
      .where('state', '=', state)
      .where('ephemeral', '=', false)
      .limit(ITEMS_A_PORTION)
      .execute();

  /** A run that has lapsed knows as much at its settle as one that has not: its items are as they were before. */
  async function reopen(runId: string): Promise<void> {
    // What another principal has read counts since the run lapsed.
    await database.db.deleteFrom('run_items').where('run_id', '=', runId).where('read_elsewhere', '=', true).execute();
    await eachPortion(runId, 'unsure', (items) =>
      database.db
        .updateTable('run_items')
        .set({ state: 'open' })
        .where(
          'item_id',
          'in',
          items.map(({ item_id }) => item_id),
        )
        .execute(),
    );
  }

  /** An application that nobody was told of stays where something of others lives in it; it may be adopted then. */
  async function spareApplications(runId: string): Promise<void> {
    const { db } = database;
    const applications = db
      .selectFrom('run_items')
      .select('item_id')
      .where('run_id', '=', runId)
      .where('kind', '=', 'application')
      .where('state', '=', 'open');
    const looked = await applications.limit(APPLICATIONS_MAX).execute();
    const doomed: string[] = [];
    for (const { item_id } of looked) {
      const going = await countBelow(db, item_id, (eb) =>
        eb.or([
          isDead(eb),
          eb.and([
            eb('run_items.run_id', '=', runId),
            eb.or([eb('run_items.state', '=', 'open'), eb('ephemeral', '=', true)]),
          ]),
        ]),
      );
      if ((await livingIn(item_id)) <= going) doomed.push(item_id);
    }
    await db
      .updateTable('run_items')
      .set({ state: 'unsure' })
      .where('run_id', '=', runId)
      .where('kind', '=', 'application')
      .where('state', '=', 'open')
      .$if(doomed.length > 0, (query) => query.where('item_id', 'not in', doomed))
      .execute();
  }

  /**
   * How much is in it. A vault that answers over a network is not asked: a provider waits 3 s for its settle. There it
   * is what runs have made and nobody is known to hold; the removal looks at the vault before it removes anything.
   */
  const livingIn = async (applicationId: string): Promise<number> =>
    vault.transactional
      ? vault.during(calls.own()).applications.count(applicationId)
      : countBelow(database.db, applicationId);

  /** The note that decides. */
  const flip = (caller: Caller, before: RunRow): Promise<RunSettled> =>
    database.transaction(async () => {
      const { db } = database;
      const { id } = before;
      const run = await leases.find(caller, id);
      // Another settle of the same run was faster.
      if (run?.state === 'settled') return settledReply(run);
      await spareApplications(id);
      // What is read here is as much as the run has made: others get their turn between.
      await turn();
      const going = db
        .selectFrom('run_items')
        .where('run_id', '=', id)
        .where(({ or, eb }) => or([eb('state', '=', 'open'), eb('ephemeral', '=', true)]));
      const { total } = await going.select(sql<number>`count(*)`.as('total')).executeTakeFirstOrThrow();
      await turn();
      const first = await going.select('item_id').limit(REVOKED_MAX_ITEMS).execute();
      const settled = {
        state: 'settled' as const,
        revoked: JSON.stringify(first.map(({ item_id }) => item_id)),
        revoked_total: Number(total),
        ended_at: clock.now(),
      };
      await db.updateTable('runs').set(settled).where('id', '=', id).execute();
      await dropReplayCopies(database, id);
      reaper.ended(id, caller);
      return settledReply({ ...before, ...settled });
    });

  return async (caller: Caller, id: string, { held, lost }: SettleInput): Promise<RunSettled> => {
    const run = await leases.ensure(caller, id);
    if (run.state === 'settled') {
      await holding.note(caller, run, held, false);
      return settledReply(run);
    }
    return reaper.undisturbed(id, async () => {
      if (run.state === 'lapsed') await reopen(id);
      await holding.note(caller, run, held, true);
      if (lost) await eachPortion(id, 'answered', reaper.lapse);
      return flip(caller, run);
    });
  };
}

function settledReply({ id, revoked, revoked_total }: RunRow): RunSettled {
  return { id, state: 'settled', revoked: JSON.parse(revoked ?? '[]') as string[], revokedTotal: revoked_total ?? 0 };
}

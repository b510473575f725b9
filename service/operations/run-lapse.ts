/** What time does to runs: leases lapse, unsure items end, and what has ended is sorted. One timer calls it. */

import { RUN_LEASE_SECONDS } from '../../contract/limits';
import type { Database } from '../store/database';
import { readSetting, writeSetting } from '../store/setting';
import type { Clock } from '../world/clock';
import { turn } from '../world/timers';
import { ITEMS_A_PORTION, type Reaper } from './reaper';
import type { Cause, Removal } from './removal';
import type { RunLeases } from './run-lease';
import type { Uses } from './use';
import type { Whole } from './whole';

const LEASE_MS = RUN_LEASE_SECONDS * 1000;
/** How often the service notes that it is up; a crash gives live runs as much more at most. */
const ALIVE_EVERY_MS = 10_000;
/** A run that is over answers a settle that is repeated; after a week nobody asks any more. */
const KEEP_MS = 7 * 86_400_000;
/** One that made nothing only keeps late creations of it away. */
const KEEP_EMPTY_MS = 3_600_000;
const RUNS_A_PORTION = 100;

export interface RunLapse {
  /** For the start: the time that the service was down does not count, and what had lapsed before does not come back. */
  resume(): Promise<void>;
  /** Brings everything up to now; may take many portions, and ends after the one at hand once `stop` was called. */
  tick(): Promise<void>;
  /** Drops runs that were over long ago. One that made what nobody is known to hold stays: it says whose that is. */
  purge(): Promise<void>;
  stop(): Promise<void>;
  /** Leases that have lapsed since the start. */
  readonly lapses: () => number;
}

export function createRunLapse(parts: {
  database: Database;
  clock: Clock;
  leases: RunLeases;
  reaper: Reaper;
  removal: Removal;
  uses: Uses;
  whole: Whole;
}): RunLapse {
  const { database, clock, leases, reaper, removal, uses, whole } = parts;
  let running: Promise<void> | undefined;
  let stopped = false;
  let markedAt: number | undefined;
  let lapses = 0;

  async function mark(): Promise<void> {
    const now = leases.now();
    if (markedAt !== undefined && now - markedAt < ALIVE_EVERY_MS) return;
    const active = await database.db.selectFrom('runs').select('id').where('state', '=', 'active').executeTakeFirst();
    if (!active) return;
    await writeSetting(database, 'last_alive', String(now));
    markedAt = now;
  }

  /** @returns whether there may be more */
  const lapseSome = (): Promise<boolean> =>
    database.transaction(async () => {
      const due = await database.db
        .selectFrom('runs')
        .select('id')
        .where('state', '=', 'active')
        .where('expires_at', '<=', leases.now())
        .limit(RUNS_A_PORTION)
        .execute();
      if (due.length === 0) return false;
      const ids = due.map(({ id }) => id);
      const lapsed = { state: 'lapsed' as const, ended_at: clock.now() };
      await database.db.updateTable('runs').set(lapsed).where('id', 'in', ids).execute();
      for (const id of ids) reaper.ended(id);
      lapses += ids.length;
      return ids.length === RUNS_A_PORTION;
    });

  const endSome = (): Promise<boolean> =>
    whole(async () => {
      const due = await database.db
        .selectFrom('run_items')
        .selectAll()
        .where('state', '=', 'unsure')
        .where('ends_at', '<=', clock.now())
        .orderBy('ends_at')
        .limit(ITEMS_A_PORTION)
        .execute();
      // What can still be redeemed, by a clock that is not ours, has its time later.
      const { unused, open } = await uses.sort(due);
      for (const initialization of ['token', 'config'] as const) {
        const items = unused.filter((item) => (item.initialization === 'config') === (initialization === 'config'));
        await removal.remove(items, ENDED[initialization]);
      }
      return due.length === ITEMS_A_PORTION && open.length < due.length;
    });

  async function work(): Promise<void> {
    // A note that cannot be written costs a run nothing but a little time.
    await mark().catch(() => undefined);
    for (const step of [lapseSome, endSome]) {
      while (!stopped && (await step())) await turn();
    }
    await reaper.work(() => stopped);
  }

  return {
    lapses: () => lapses,

    async resume() {
      const alive = await readSetting(database, 'last_alive');
      const now = leases.now();
      await database.transaction(async () => {
        const runs = await database.db
          .selectFrom('runs')
          .select(['id', 'expires_at'])
          .where('state', '=', 'active')
          .execute();
        for (const { id, expires_at } of runs) {
          // What was left of the lease when the service was last known to be up; the mark may be older than the run.
          const left = alive === undefined ? LEASE_MS : Math.min(LEASE_MS, expires_at - Number(alive));
          await database.db
            .updateTable('runs')
            .set({ expires_at: now + left })
            .where('id', '=', id)
            .execute();
        }
        await writeSetting(database, 'last_alive', String(now));
      });
      await reaper.resume();
    },

    tick() {
      running ??= work().finally(() => {
        running = undefined;
      });
      return running;
    },

    async purge() {
      const now = clock.now();
      await database.db
        .deleteFrom('runs')
        .where('state', '!=', 'active')
        .where(({ or, and, eb, fn }) => {
          const endedAt = fn.coalesce('ended_at', 'created_at');
          return or([
            eb(endedAt, '<=', now - KEEP_MS),
            and([eb(endedAt, '<=', now - KEEP_EMPTY_MS), eb(fn.coalesce('revoked_total', eb.val(0)), '=', 0)]),
          ]);
        })
        .where(({ not, exists, selectFrom }) =>
          not(exists(selectFrom('run_items').select('item_id').whereRef('run_items.run_id', '=', 'runs.id'))),
        )
        .execute();
    },

    async stop() {
      stopped = true;
      await running?.catch(() => undefined);
      markedAt = undefined;
      await mark().catch(() => undefined);
    },
  };
}

const ENDED: Record<'token' | 'config', Cause> = {
  token: {
    actor: { kind: 'system' },
    verb: 'end',
    reason: 'its run lapsed or was lost, and its one-time token expired before anybody redeemed it',
  },
  config: {
    actor: { kind: 'system' },
    verb: 'end',
    reason: 'its run lapsed or was lost, its configuration was never used, and no state was seen to hold it',
  },
};

/** How runs and what they left behind stand, for metrics: sampled seldom, since anybody may ask for them. */

import type { Database } from '../store/database';
import { isStoreError } from '../store/store-error';
import type { Clock } from '../world/clock';
import { isDead, itemsWithRuns } from './run-item';
import type { Suspects } from './suspect';

export interface RunCounts {
  /** Undefined while the database does not answer: that it does not is a metric of its own, which must be had then. */
  readonly stored: StoredCounts | undefined;
  /** Since the start of the service. */
  readonly lapses: number;
  /** Since the start, by `<kind>.<verb>` as in audit events. */
  readonly removals: ReadonlyMap<string, number>;
}

interface StoredCounts {
  /** By state. */
  readonly runs: Readonly<Record<'active' | 'settled' | 'lapsed', number>>;
  /** `dead`: waits for its removal. Those of active runs are not among them. */
  readonly items: Readonly<Record<'unsure' | 'unclaimed' | 'dead', number>>;
  /** What lost replies may have left; undefined before a vault that loses none. */
  readonly suspects: number | undefined;
}

const SAMPLE_EVERY_MS = 10_000;

export function createRunCounts(parts: {
  database: Database;
  clock: Clock;
  lapses: () => number;
  removals: ReadonlyMap<string, number>;
  suspects: Pick<Suspects, 'count'>;
}): () => Promise<RunCounts> {
  const { database, clock, lapses, removals, suspects } = parts;
  let sample: Promise<StoredCounts> | undefined;
  let sampledAt = 0;

  async function take(): Promise<StoredCounts> {
    const { db } = database;
    const runs = { active: 0, settled: 0, lapsed: 0 };
    const byState = await db
      .selectFrom('runs')
      .select(['state', ({ fn }) => fn.countAll<number>().as('count')])
      .groupBy('state')
      .execute();
    for (const { state, count } of byState) runs[state] = Number(count);
    const items = { unsure: 0, unclaimed: 0, dead: 0 };
    const sorted = await db
      .selectFrom('run_items')
      .select(['state', ({ fn }) => fn.countAll<number>().as('count')])
      .where('state', 'in', ['unsure', 'unclaimed'])
      .groupBy('state')
      .execute();
    for (const { state, count } of sorted) items[state as 'unsure' | 'unclaimed'] = Number(count);
    const dead = await itemsWithRuns(db)
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .where('runs.state', '!=', 'active')
      .where(isDead)
      .executeTakeFirstOrThrow();
    return { runs, items: { ...items, dead: Number(dead.count) }, suspects: await suspects.count() };
  }

  return async () => {
    if (!sample || clock.monotonic() - sampledAt >= SAMPLE_EVERY_MS) {
      sampledAt = clock.monotonic();
      sample = take();
      sample.catch(() => {
        sample = undefined;
      });
    }
    const stored = await sample.catch((error: unknown) => {
      if (isStoreError(error, 'database_unavailable')) return undefined;
      throw error;
    });
    return { stored, lapses: lapses(), removals };
  };
}

/**
 * What is to be done after a run has ended, however much it made: in portions,
 * so that nobody waits for it. The end of the run has decided everything; this
 * brings the rows in line with it. It goes on after a restart.
 */

import type { Database } from '../store/database';
import type { RunItemRow, RunRow } from '../store/schema/service';
import type { Vault } from '../vault/port';
import type { Clock } from '../world/clock';
import { turn } from '../world/timers';
import type { AuditActor } from './audit-trail';
import type { Caller } from './caller';
import type { Calls } from './calls';
import { allEnded, endedBy, forgetEnded } from './ended-application';
import { forgetGenerations } from './grant-generation';
import type { Cause, Ending, Removal } from './removal';
import { below, deadAmong, forgetItems, isDead, itemsWithRuns } from './run-item';
import type { Whole } from './whole';

/** About 20 ms of work; in between, others get their turn. */
export const ITEMS_A_PORTION = 100;
const COPIES_A_PORTION = 500;

export interface Reaper {
  /** The run has ended. `by`: whoever settled it, for the audit events. */
  ended(runId: string, by?: Caller): void;
  /** An application was noted as ended: what is in it is to be removed. */
  endedApplication(id: string): void;
  /** Takes up what a former process has left. */
  resume(): Promise<void>;
  /** Works until nothing is left, or `stopped` says so. */
  work(stopped: () => boolean): Promise<void>;
  /** What may stand in a state or not from now on; grants, and what another principal has read, are held. */
  lapse(items: readonly RunItemRow[]): Promise<void>;
  /** While `work` runs, nothing of this run is sorted: it is being settled after it has lapsed. */
  undisturbed<T>(runId: string, work: () => Promise<T>): Promise<T>;
  /** A dead application gives its name away, or is removed at once with all that is dead in it. */
  freeNameOf(id: string): Promise<void>;
  /** Removes what is dead in an application, in portions of their own; it itself stays. Outside of transactions. */
  removeDeadIn(id: string): Promise<void>;
  /** Removes it at once if it is dead: it is to be made again. */
  removeDead(id: string, kind: RunItemRow['kind']): Promise<void>;
}

export function createReaper(options: {
  database: Database;
  clock: Clock;
  removal: Removal;
  /** Also with what is dead in it. */
  vault: Vault;
  calls: Calls;
  whole: Whole;
  /** After so many hours an unused configuration of a lapsed run ends; 0: never. */
  unclaimedConfigurationHours: number;
}): Reaper {
  const { database, clock, removal, vault, calls, whole, unclaimedConfigurationHours } = options;
  const pending = new Map<string, Caller | undefined>();
  const endedApplications = new Set<string>();
  const busy = new Set<string>();

  const configurationEnd = () =>
    unclaimedConfigurationHours === 0 ? null : clock.now() + unclaimedConfigurationHours * 3_600_000;

  const causeOf = ({ id, state }: RunRow, by: Caller | undefined): Cause => {
    const actor: AuditActor = by ? { kind: 'token', caller: { ...by, runId: id } } : { kind: 'system', runId: id };
    const reason =
      state === 'settled'
        ? 'its run was settled, and Terraform did not get it'
        : 'it was for its run alone, and that has lapsed';
    return { actor, verb: 'revoke', reason };
  };

  /** Whether there may be more. */
  async function portion(runId: string, by: Caller | undefined): Promise<boolean> {
    return whole(async () => {
      const { db } = database;
      const run = await db.selectFrom('runs').selectAll().where('id', '=', runId).executeTakeFirst();
      if (!run || run.state === 'active') return false;
      const copies = await dropReplayCopies(database, runId);
      const items = await unsorted(runId);
      const dead = items.filter((item) => item.ephemeral || (run.state === 'settled' && item.state === 'open'));
      await removal.remove(dead, causeOf(run, by));
      const others = items.filter((item) => !dead.includes(item));
      await (run.state === 'settled' ? sortSettled(others) : sortLapsed(others));
      return items.length === ITEMS_A_PORTION || items.some(({ kind }) => kind !== 'application') || copies;
    });
  }

  /** Of an application that was deleted. Whether there is more. */
  async function portionOfEnded(id: string): Promise<boolean> {
    return whole(async () => {
      const { applications } = vault.during(calls.own());
      const actor = await endedBy(database.db, id);
      if (!actor) return false;
      const contents = await applications.contents(id, ITEMS_A_PORTION);
      await removal.removeContents(contents, actor);
      if (contents.length === ITEMS_A_PORTION) return true;
      await applications.remove(id, { force: true });
      await database.transaction(async () => {
        await forgetGenerations(database.db, id);
        await forgetItems(database.db, id);
        await forgetEnded(database.db, id);
      });
      return false;
    });
  }

  /** Applications come last, when nothing else of the run is left to sort. */
  async function unsorted(runId: string): Promise<RunItemRow[]> {
    const query = database.db
      .selectFrom('run_items')
      .selectAll()
      .where('run_id', '=', runId)
      .where(({ or, eb }) => or([eb('state', 'in', ['open', 'answered']), eb('ephemeral', '=', true)]))
      .limit(ITEMS_A_PORTION);
    const items = await query.where('kind', '!=', 'application').execute();
    return items.length > 0 ? items : query.execute();
  }

  async function sortSettled(items: readonly RunItemRow[]): Promise<void> {
    const { db } = database;
    const [clients, held] = partition(items, ({ kind }) => kind === 'client_device' || kind === 'gateway');
    if (clients.length > 0) {
      await db.updateTable('run_items').set({ state: 'unclaimed' }).where('item_id', 'in', clients).execute();
    }
    await hold(held);
  }

  /** Grants carry no secret: whoever wants one again adopts it. */
  async function sortLapsed(items: readonly RunItemRow[]): Promise<void> {
    const [held, unsure] = partition(items, ({ kind, read_elsewhere }) => kind === 'grant' || Boolean(read_elsewhere));
    await hold(held);
    await markUnsure(database, unsure, configurationEnd());
  }

  /** Not it itself. One more than a portion, so that it is known whether there are more. */
  const someDeadIn = (applicationId: string): Promise<Ending[]> => {
    const [from, to] = below(applicationId);
    return itemsWithRuns(database.db)
      .select(['item_id', 'run_items.kind'])
      .where('item_id', '>', from)
      .where('item_id', '<', to)
      .where(isDead)
      .limit(ITEMS_A_PORTION + 1)
      .execute();
  };

  async function hold(ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    await database.db.deleteFrom('run_items').where('item_id', 'in', ids).execute();
  }

  return {
    lapse: sortLapsed,

    ended(runId, by) {
      pending.set(runId, by);
    },

    endedApplication(id) {
      endedApplications.add(id);
    },

    async resume() {
      const rows = await database.db
        .selectFrom('runs')
        .select('id')
        .where('state', '!=', 'active')
        .where(({ or, exists, selectFrom }) =>
          or([
            exists(
              selectFrom('run_items')
                .select('item_id')
                .whereRef('run_items.run_id', '=', 'runs.id')
                .where(({ or, eb }) => or([eb('state', 'in', ['open', 'answered']), eb('ephemeral', '=', true)])),
            ),
            exists(selectFrom('idempotency').select('lookup').whereRef('idempotency.run_id', '=', 'runs.id')),
          ]),
        )
        .execute();
      for (const { id } of rows) pending.set(id, undefined);
      for (const id of await allEnded(database.db)) endedApplications.add(id);
    },

    async work(stopped) {
      for (const [runId, by] of pending) {
        while (!busy.has(runId) && (await portion(runId, by))) {
          if (stopped()) return;
          await turn();
        }
        if (!busy.has(runId)) pending.delete(runId);
        if (stopped()) return;
      }
      for (const id of endedApplications) {
        while (await portionOfEnded(id)) {
          if (stopped()) return;
          await turn();
        }
        endedApplications.delete(id);
        if (stopped()) return;
      }
    },

    async undisturbed(runId, work) {
      busy.add(runId);
      try {
        return await work();
      } finally {
        busy.delete(runId);
      }
    },

    async freeNameOf(id) {
      // It may take long to remove, so it gives its name away: nobody sees what it is called meanwhile.
      if (await endedBy(database.db, id)) {
        await vault.during(calls.own()).applications.rename(id, id);
        return;
      }
      const dead = await someDeadIn(id);
      // Its time comes with that of its run.
      if (dead.length > ITEMS_A_PORTION) {
        await vault.during(calls.own()).applications.rename(id, id);
        return;
      }
      await removal.remove([...dead, { item_id: id, kind: 'application' }], freed);
    },

    async removeDeadIn(id) {
      for (let more = true; more; ) {
        more = await whole(async () => {
          const dead = (await someDeadIn(id)).slice(0, ITEMS_A_PORTION);
          await removal.remove(dead, freed);
          return dead.length === ITEMS_A_PORTION;
        });
        if (more) await turn();
      }
    },

    async removeDead(id, kind) {
      if ((await deadAmong(database.db, [id])).size > 0) await removal.remove([{ item_id: id, kind }], freed);
    },
  };
}

const freed: Cause = {
  actor: { kind: 'system' },
  verb: 'revoke',
  reason: 'its run was settled, and Terraform did not get it',
};

/** Notes that it may stand in a state or not, and when an unused configuration of it ends. */
async function markUnsure(database: Database, ids: readonly string[], configurationEnd: number | null) {
  if (ids.length === 0) return;
  const mark = (initialization: 'config' | 'other') =>
    database.db
      .updateTable('run_items')
      .set(initialization === 'config' ? { state: 'unsure', ends_at: configurationEnd } : { state: 'unsure' })
      .where('item_id', 'in', ids)
      .where(({ eb, or }) =>
        initialization === 'config'
          ? eb('initialization', '=', 'config')
          : or([eb('initialization', 'is', null), eb('initialization', '!=', 'config')]),
      )
      .execute();
  await mark('config');
  await mark('other');
}

/** A retry within a run that is over is refused, so nobody gets them any more. Whether there may be more. */
export async function dropReplayCopies(database: Database, runId: string): Promise<boolean> {
  const { numDeletedRows } = await database.db
    .deleteFrom('idempotency')
    .where('lookup', 'in', ({ selectFrom }) =>
      selectFrom('idempotency').select('lookup').where('run_id', '=', runId).limit(COPIES_A_PORTION),
    )
    .executeTakeFirst();
  return numDeletedRows === BigInt(COPIES_A_PORTION);
}

function partition(items: readonly RunItemRow[], condition: (item: RunItemRow) => boolean): [string[], string[]] {
  const ids = (some: readonly RunItemRow[]) => some.map(({ item_id }) => item_id);
  return [ids(items.filter(condition)), ids(items.filter((item) => !condition(item)))];
}

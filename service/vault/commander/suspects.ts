/** What lost replies may have left, in a table of its own, so that it is known after a restart. */

import type { Kysely } from 'kysely';
import type { Database } from '../../store/database';
import type { Clock } from '../../world/clock';
import type { NotedSuspect, SuspectNotes } from '../suspect';
import type { CommanderTables, SuspectRow } from './tables';

/** Keeper's clock and ours are not the same: a token is dead for certain so long after its end. */
export const CERTAIN_MS = 60_000;

export interface CommanderSuspects extends SuspectNotes {
  /** Everything noted of an application, which is gone. */
  forgetApplication(applicationId: string): Promise<void>;
}

export function suspectNotes({ database, clock }: { database: Database; clock: Clock }): CommanderSuspects {
  const db = () => database.db as unknown as Kysely<CommanderTables>;
  const some = (applicationId: string) => [`${applicationId}/`, `${applicationId}0`] as const;
  const rows = () => db().selectFrom('commander_suspects').selectAll().orderBy('item_id');

  return {
    async put(suspects) {
      for (const suspect of suspects) {
        const row = toRow(suspect);
        await db()
          .insertInto('commander_suspects')
          .values(row)
          .onConflict((conflict) => conflict.column('item_id').doUpdateSet(row))
          .execute();
      }
    },

    async list({ applicationId, ids, after, limit }) {
      if (ids?.length === 0) return [];
      const [from, to] = some(applicationId ?? '');
      const found = await rows()
        .$if(applicationId !== undefined, (query) => query.where('item_id', '>', from).where('item_id', '<', to))
        .$if(ids !== undefined, (query) => query.where('item_id', 'in', ids!))
        .$if(after !== undefined, (query) => query.where('item_id', '>', after!))
        .$if(limit !== undefined, (query) => query.limit(limit!))
        .execute();
      return found.map(toSuspect);
    },

    async due(limit) {
      const found = await rows()
        .where('ends_at', '<=', clock.now() - CERTAIN_MS)
        .limit(limit)
        .execute();
      return found.map(toSuspect);
    },

    async keep(ids) {
      if (ids.length === 0) return;
      await db().updateTable('commander_suspects').set({ ends_at: null }).where('item_id', 'in', ids).execute();
    },

    async forget(ids) {
      if (ids.length === 0) return;
      await db().deleteFrom('commander_suspects').where('item_id', 'in', ids).execute();
    },

    async count() {
      const { count } = await db()
        .selectFrom('commander_suspects')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .executeTakeFirstOrThrow();
      return Number(count);
    },

    async forgetApplication(applicationId) {
      const [from, to] = some(applicationId);
      await db().deleteFrom('commander_suspects').where('item_id', '>', from).where('item_id', '<', to).execute();
    },
  };
}

const toRow = (suspect: NotedSuspect): SuspectRow => ({
  item_id: suspect.id,
  kind: suspect.kind,
  name: suspect.name,
  operation_id: suspect.operationId,
  principal: suspect.principal,
  run_id: suspect.runId,
  created_at: suspect.createdAt,
  ends_at: suspect.endsAt,
});

const toSuspect = (row: SuspectRow): NotedSuspect => ({
  id: row.item_id,
  kind: row.kind,
  name: row.name,
  operationId: row.operation_id,
  principal: row.principal,
  runId: row.run_id,
  createdAt: row.created_at,
  endsAt: row.ends_at,
  isListed: !row.item_id.endsWith(`/${row.operation_id}`),
});

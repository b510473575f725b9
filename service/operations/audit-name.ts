import type { Database } from '../store/database';
import type { MasterKey } from '../store/master-key';
import { readSetting, writeSetting } from '../store/setting';
import { turn } from '../world/timers';
import { sealedNamePlace } from './audit-trail';

const ROWS_A_PORTION = 500;

/**
 * Seals the names of folders and records that version 0.1.0 wrote into audit events in clear. In portions, and a start
 * that was killed goes on where it was; done once, since nothing writes them in clear any more.
 */
export async function sealClearNames(options: {
  database: Database;
  masterKey: Pick<MasterKey, 'seal'>;
}): Promise<void> {
  const { database, masterKey } = options;
  const state = await readSetting(database, 'audit_names_sealed');
  if (state === 'done') return;
  let begun = state === 'begun';

  /** @returns the last id of the portion; undefined once there is none */
  const portion = (after: number): Promise<number | undefined> =>
    database.transaction(async () => {
      const { db } = database;
      const rows = await db
        .selectFrom('audit_events')
        .select(['id', 'target', 'at', 'name'])
        .where('id', '>', after)
        .where('name', 'is not', null)
        .where(({ or, eb }) => or(['folder.%', 'record.%', 'grant.%'].map((action) => eb('action', 'like', action))))
        .orderBy('id')
        .limit(ROWS_A_PORTION)
        .execute();
      for (const { id, target, at, name } of rows) {
        const sealed_name = masterKey.seal(Buffer.from(name!), sealedNamePlace(target, at));
        await db.updateTable('audit_events').set({ name: null, sealed_name }).where('id', '=', id).execute();
      }
      if (rows.length > 0) {
        await writeSetting(database, 'audit_names_sealed', 'begun');
        begun = true;
      }
      return rows.at(-1)?.id;
    });

  for (let last: number | undefined = 0; last !== undefined; last = await portion(last)) await turn();
  // While another program reads, the journal cannot be emptied: then the next start tries again.
  if (!begun || (await database.emptyJournal())) await writeSetting(database, 'audit_names_sealed', 'done');
}

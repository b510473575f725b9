/** Deleting folders and records. SQLite overwrites what it frees (`secure_delete`), so that nothing of them is left in the file. */

import { KsmError } from '../../../contract/errors';
import type { RemovedContent, VaultContent } from '../vault';
import type { Context } from './context';
import { openName } from './name';

type Item = RemovedContent['items'][number];

export function contentRemoval(context: Context): Pick<VaultContent, 'removeRecord' | 'removeFolder'> {
  const { database } = context;
  return {
    removeRecord: (uid) =>
      database.transaction(async () => {
        const row = await database.db
          .selectFrom('records')
          .select(['uid', 'sealed_name'])
          .where('uid', '=', uid)
          .executeTakeFirst();
        if (!row) {
          throw notFound('record', uid);
        }
        return remove(context, [{ kind: 'record', uid, name: openName(context, 'records', row) }]);
      }),

    removeFolder: (uid, { force }) =>
      database.transaction(async () => {
        const folders = await foldersFrom(context, uid);
        const records = await recordsIn(context, folders);
        const inside = folders.length - 1 + records.length;
        if (inside > 0 && !force) {
          throw new KsmError(
            'folder_not_empty',
            `The folder "${folders[0]!.name}" (${uid}) still has ${folders.length - 1} folders and ${records.length} records inside. Delete them first, or delete it by force with everything in it.`,
          );
        }
        return remove(context, [...records, ...folders]);
      }),
  };
}

/** The folder, and those inside it at any depth. @throws KsmError `secret_not_found` */
async function foldersFrom(context: Context, uid: string): Promise<Item[]> {
  const { db } = context.database;
  const root = await db.selectFrom('folders').select('shared_folder_uid').where('uid', '=', uid).executeTakeFirst();
  if (!root) {
    throw notFound('folder', uid);
  }
  // Parents were made before their children, so one pass in that order finds every depth.
  const rows = await db
    .selectFrom('folders')
    .select(['uid', 'parent_uid', 'sealed_name'])
    .where('shared_folder_uid', '=', root.shared_folder_uid)
    .orderBy('position')
    .execute();
  const found = new Map<string, Item>();
  for (const row of rows) {
    if (row.uid === uid || (row.parent_uid !== null && found.has(row.parent_uid))) {
      found.set(row.uid, { kind: 'folder', uid: row.uid, name: openName(context, 'folders', row) });
    }
  }
  return [...found.values()];
}

async function recordsIn(context: Context, folders: readonly Item[]): Promise<Item[]> {
  const { database } = context;
  const uids = folders.map(({ uid }) => uid);
  const rows = await database.db
    .selectFrom('records')
    .select(['uid', 'sealed_name'])
    .where(database.isOneOf('folder_uid', uids))
    .orderBy('position')
    .execute();
  return rows.map((row) => ({ kind: 'record', uid: row.uid, name: openName(context, 'records', row) }));
}

async function remove(context: Context, items: readonly Item[]): Promise<RemovedContent> {
  const { database } = context;
  const names = new Map(items.map(({ uid, name }) => [uid, name]));
  const uids = [...names.keys()];
  const grants = await database.db
    .deleteFrom('grants')
    .where(database.isOneOf('secret_uid', uids))
    .returning(['application_uid', 'secret_uid', 'editable'])
    .execute();
  await database.db.deleteFrom('records').where(database.isOneOf('uid', uids)).execute();
  await database.db.deleteFrom('folders').where(database.isOneOf('uid', uids)).execute();
  return {
    items,
    grants: grants.map((grant) => ({
      id: `${grant.application_uid}/${grant.secret_uid}`,
      title: names.get(grant.secret_uid)!,
      editable: Boolean(grant.editable),
    })),
  };
}

function notFound(kind: 'folder' | 'record', uid: string): KsmError {
  return new KsmError('secret_not_found', `The vault has no ${kind} ${uid}. It may have been deleted already.`);
}

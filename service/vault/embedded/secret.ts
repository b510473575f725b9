import { pageOf, positionOf } from '../page';
import type { SecretVault } from '../vault';
import type { Context } from './context';
import { findFolder, folderColumns, folderName, openSharedFolderKey } from './folder';
import { findRecord, openRecordData, recordKey } from './record';

export function secretVault(context: Context): SecretVault {
  const { database } = context;
  return {
    async find(uid) {
      const folder = await findFolder(context, uid);
      if (folder) {
        // A folder inside a shared folder cannot be granted: it is nothing that an application could be given.
        return folder.parent_uid === null
          ? { uid, kind: 'folder', title: folderName(openSharedFolderKey(context, folder), folder.folder_data) }
          : { uid, kind: 'unknown', title: null };
      }
      const record = await findRecord(context, uid);
      return record
        ? { uid, kind: 'record', title: openRecordData(await recordKey(context, record), record.record_data).title }
        : { uid, kind: 'unknown', title: null };
    },

    async sharedFolders(request) {
      const query = database.db
        .selectFrom('folders')
        .select([...folderColumns, 'position'])
        .where('parent_uid', 'is', null)
        .where('position', '>', positionOf(request, 0))
        .orderBy('position');
      // Names are encrypted, so that a search by name reads all of them.
      const rows = await (request.name === undefined ? query.limit(request.limit + 1) : query).execute();
      const named = rows.map((row) => ({
        position: row.position,
        uid: row.uid,
        name: folderName(openSharedFolderKey(context, row), row.folder_data),
      }));
      const found = named.filter(({ name }) => request.name === undefined || name === request.name);
      return pageOf(found, request, ({ uid, name }) => ({ uid, name }));
    },
  };
}

import type { Secret, SharedFolder } from '../../../contract/types';
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
          ? sharedFolder(uid, folderName(openSharedFolderKey(context, folder), folder.folder_data))
          : unknown(uid);
      }
      const record = await findRecord(context, uid);
      if (!record) {
        return unknown(uid);
      }
      const { title } = openRecordData(await recordKey(context, record), record.record_data);
      return { uid, kind: 'record', folderKind: null, name: title, path: null };
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
      return pageOf(found, request, ({ uid, name }) => sharedFolder(uid, name));
    },
  };
}

/** The folders of this vault are of the classic kind. */
const sharedFolder = (uid: string, name: string): SharedFolder => ({
  uid,
  kind: 'folder',
  folderKind: 'classic',
  name,
  path: name,
});

const unknown = (uid: string): Secret => ({ uid, kind: 'unknown', folderKind: null, name: null, path: null });

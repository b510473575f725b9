import { decrypt } from '../crypto';
import { openRecordData, ownKeyPlace } from '../record';
import type { CheckContext } from './context';
import { isNamed } from './name';
import { inPortions, opened } from './portions';

const TABLE = 'records';

export async function checkRecords(context: CheckContext): Promise<Set<string>> {
  const { db, masterKey, check, folderKeys, recordKeys } = context;
  const folders = await db.selectFrom('folders').select(['uid', 'shared_folder_uid']).execute();
  const sharedFolderOf = new Map(folders.map((row) => [row.uid, row.shared_folder_uid]));
  const uids = new Set<string>();
  await inPortions(
    (after, limit) =>
      db.selectFrom(TABLE).selectAll().where('position', '>', after).orderBy('position').limit(limit).execute(),
    (row) => {
      const { uid, folder_uid, shared_folder_uid } = row;
      check.seen(TABLE);
      uids.add(uid);
      if (shared_folder_uid !== (folder_uid === null ? null : (sharedFolderOf.get(folder_uid) ?? null))) {
        check.found(TABLE, uid, 'the shared folder that it names is not the one that it is in');
        return;
      }
      const key = opened(() =>
        shared_folder_uid === null
          ? masterKey.unseal(row.record_key, ownKeyPlace(uid))
          : decrypt(folderKeys.get(shared_folder_uid)!, row.record_key),
      );
      if (!key) {
        check.found(
          TABLE,
          uid,
          `its key does not open with ${shared_folder_uid === null ? 'the master key' : 'that of its shared folder'}`,
        );
        return;
      }
      recordKeys.set(uid, key);
      const title = opened(() => openRecordData(key, row.record_data).title);
      if (title === undefined) {
        check.found(TABLE, uid, 'its content does not open with its key');
      } else if (!isNamed(masterKey, TABLE, row, title)) {
        check.found(TABLE, uid, 'it is listed, or found, under another title than devices are told');
      }
    },
  );
  return uids;
}

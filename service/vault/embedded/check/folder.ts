import { decryptCbc } from '../crypto';
import { folderName, openSharedFolderKey } from '../folder';
import type { CheckContext } from './context';
import { isNamed } from './name';
import { inPortions, opened } from './portions';

const TABLE = 'folders';

export async function checkFolders({ db, masterKey, check, folderKeys }: CheckContext): Promise<Set<string>> {
  /** Parents stand before their children. */
  const sharedFolderOf = new Map<string, string>();
  await inPortions(
    (after, limit) =>
      db.selectFrom(TABLE).selectAll().where('position', '>', after).orderBy('position').limit(limit).execute(),
    (row) => {
      const { uid, parent_uid, shared_folder_uid } = row;
      check.seen(TABLE);
      sharedFolderOf.set(uid, shared_folder_uid);
      const expected = parent_uid === null ? uid : sharedFolderOf.get(parent_uid);
      if (shared_folder_uid !== expected) {
        check.found(TABLE, uid, 'the shared folder that it names is not the one that it is in');
        return;
      }
      const key = opened(() =>
        parent_uid === null
          ? openSharedFolderKey({ masterKey }, row)
          : decryptCbc(folderKeys.get(shared_folder_uid)!, row.folder_key),
      );
      if (!key) {
        check.found(
          TABLE,
          uid,
          `its key does not open with ${parent_uid === null ? 'the master key' : 'that of its shared folder'}`,
        );
        return;
      }
      folderKeys.set(uid, key);
      const name = opened(() => folderName(key, row.folder_data));
      if (name === undefined) {
        check.found(TABLE, uid, 'its name does not open with its key');
      } else if (!isNamed(masterKey, TABLE, row, name)) {
        check.found(TABLE, uid, 'it is listed, or found, under another name than devices are told');
      }
    },
  );
  return new Set(sharedFolderOf.keys());
}

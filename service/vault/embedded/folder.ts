/** Folders as the other nouns see them: their keys and names. */

import type { FolderTable } from '../../store/schema/vault';
import type { Context } from './context';
import { decryptCbc, encryptCbc } from './crypto';

export type FolderRow = Pick<FolderTable, 'uid' | 'parent_uid' | 'shared_folder_uid' | 'folder_key' | 'folder_data'>;
export const folderColumns = ['uid', 'parent_uid', 'shared_folder_uid', 'folder_key', 'folder_data'] as const;

export function findFolder({ database }: Context, uid: string): Promise<FolderRow | undefined> {
  return database.db.selectFrom('folders').select(folderColumns).where('uid', '=', uid).executeTakeFirst();
}

/** Where the key of a shared folder is sealed. */
export const sharedFolderKeyPlace = (uid: string) => ({ table: 'folders', column: 'folder_key', id: uid });

/** The key of a shared folder in clear. */
export function openSharedFolderKey(
  { masterKey }: Pick<Context, 'masterKey'>,
  row: Pick<FolderRow, 'uid' | 'folder_key'>,
): Buffer {
  return masterKey.unseal(row.folder_key, sharedFolderKeyPlace(row.uid));
}

/** The key of the shared folder `uid` in clear: the keys of its records and subfolders are under it. */
export async function sharedFolderKey(context: Context, uid: string): Promise<Buffer> {
  const row = await context.database.db
    .selectFrom('folders')
    .select(['uid', 'folder_key'])
    .where('uid', '=', uid)
    .executeTakeFirstOrThrow();
  return openSharedFolderKey(context, row);
}

/** The key of a shared folder or of a folder inside one. */
export async function folderKey(context: Context, row: FolderRow): Promise<Buffer> {
  return row.parent_uid === null
    ? openSharedFolderKey(context, row)
    : decryptCbc(await sharedFolderKey(context, row.shared_folder_uid), row.folder_key);
}

export const folderData = (key: Buffer, name: string) => encryptCbc(key, Buffer.from(JSON.stringify({ name })));

export function folderName(key: Buffer, data: Buffer): string {
  return (JSON.parse(decryptCbc(key, data).toString()) as { name: string }).name;
}

/** Records as the other nouns see them: their keys and contents. */

import type { RecordData } from '../../../contract/types';
import type { RecordTable } from '../../store/schema/vault';
import type { Context } from './context';
import { decrypt, encrypt } from './crypto';
import { sharedFolderKey } from './folder';

export type RecordRow = Pick<
  RecordTable,
  'uid' | 'folder_uid' | 'shared_folder_uid' | 'record_key' | 'record_data' | 'revision'
>;
export const recordColumns = [
  'uid',
  'folder_uid',
  'shared_folder_uid',
  'record_key',
  'record_data',
  'revision',
] as const;

export function findRecord({ database }: Context, uid: string): Promise<RecordRow | undefined> {
  return database.db.selectFrom('records').select(recordColumns).where('uid', '=', uid).executeTakeFirst();
}

/** Where the key of a record that is in no folder is sealed. */
export const ownKeyPlace = (uid: string) => ({ table: 'records', column: 'record_key', id: uid });

/** The record key as it is stored: under its shared folder's key, or sealed when it is in no folder. */
export async function wrapRecordKey(context: Context, uid: string, sharedFolderUid: string | null, key: Buffer) {
  return sharedFolderUid === null
    ? context.masterKey.seal(key, ownKeyPlace(uid))
    : encrypt(await sharedFolderKey(context, sharedFolderUid), key);
}

/** The record key in clear. */
export async function recordKey(context: Context, row: Pick<RecordRow, 'uid' | 'shared_folder_uid' | 'record_key'>) {
  return row.shared_folder_uid === null
    ? context.masterKey.unseal(row.record_key, ownKeyPlace(row.uid))
    : decrypt(await sharedFolderKey(context, row.shared_folder_uid), row.record_key);
}

export const recordData = (key: Buffer, data: RecordData) => encrypt(key, Buffer.from(JSON.stringify(data)));

export function openRecordData(key: Buffer, data: Buffer): RecordData {
  return JSON.parse(decrypt(key, data).toString()) as RecordData;
}

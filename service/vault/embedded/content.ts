/** Loading folders and records: what a person does in Keeper's own vault. */

import { isDeepStrictEqual } from 'node:util';
import { KsmError } from '../../../contract/errors';
import type { RecordData, VaultFolder, VaultRecord } from '../../../contract/types';
import { randomId } from '../../world/random-id';
import { pageOf, positionOf } from '../page';
import type { RecordPut, VaultContent } from '../vault';
import type { Context } from './context';
import { decrypt, encryptCbc, newKey } from './crypto';
import {
  type FolderRow,
  findFolder,
  folderData,
  folderKey,
  openSharedFolderKey,
  sharedFolderKey,
  sharedFolderKeyPlace,
} from './folder';
import { nameColumns, openName } from './name';
import {
  findRecord,
  openRecordData,
  type RecordRow,
  recordColumns,
  recordData,
  recordKey,
  wrapRecordKey,
} from './record';
import { erasedFields } from './record-change';
import { contentRemoval } from './removal';

export function vaultContent(context: Context): VaultContent {
  const { database } = context;
  return {
    putFolder: ({ uid = randomId(), name, parentUid }) =>
      database.transaction(async () => {
        const existing = await findFolder(context, uid);
        if (existing) {
          return { folder: await renameFolder(context, existing, name, parentUid), created: false };
        }
        await refuseRecordUid(context, uid);
        const parent = parentUid ? await requireFolder(context, parentUid) : undefined;
        const key = newKey();
        await database.db
          .insertInto('folders')
          .values({
            uid,
            parent_uid: parent?.uid ?? null,
            shared_folder_uid: parent?.shared_folder_uid ?? uid,
            folder_key: parent
              ? encryptCbc(await sharedFolderKey(context, parent.shared_folder_uid), key)
              : context.masterKey.seal(key, sharedFolderKeyPlace(uid)),
            folder_data: folderData(key, name),
            ...nameColumns(context, 'folders', uid, name),
          })
          .execute();
        return { folder: { uid, name, parentUid: parent?.uid ?? null }, created: true };
      }),

    async folders(request) {
      const rows = await database.db
        .selectFrom('folders')
        .select(['position', 'uid', 'parent_uid', 'sealed_name'])
        .where('position', '>', positionOf(request, 0))
        .orderBy('position')
        .limit(request.limit + 1)
        .execute();
      return pageOf(rows, request, (row) => ({
        uid: row.uid,
        name: openName(context, 'folders', row),
        parentUid: row.parent_uid,
      }));
    },

    putRecord: ({ uid = randomId(), folderUid, data, dryRun = false }) =>
      database.transaction(async () => {
        const existing = await findRecord(context, uid);
        if (existing) return replaceRecord(context, existing, { folderUid, data, dryRun });
        await refuseFolderUid(context, uid);
        if (dryRun) {
          const record = { uid, title: data.title, type: data.type, folderUid: folderUid ?? null, revision: 1 };
          return { record, created: true, erased: [] };
        }
        const folder = folderUid ? await requireFolder(context, folderUid) : undefined;
        const key = newKey();
        const row: RecordRow = {
          uid,
          folder_uid: folder?.uid ?? null,
          shared_folder_uid: folder?.shared_folder_uid ?? null,
          record_key: await wrapRecordKey(context, uid, folder?.shared_folder_uid ?? null, key),
          record_data: recordData(key, data),
          revision: 1,
        };
        const values = { ...row, ...nameColumns(context, 'records', uid, data.title) };
        await database.db.insertInto('records').values(values).execute();
        return { record: toRecord(row, data), created: true, erased: [] };
      }),

    async records(request) {
      const rows = await database.db
        .selectFrom('records')
        .select([...recordColumns, 'position'])
        .where('position', '>', positionOf(request, 0))
        .orderBy('position')
        .limit(request.limit + 1)
        .execute();
      const keys = await sharedFolderKeys(context, rows);
      const opened = await Promise.all(
        rows.map(async (row) => {
          const shared = row.shared_folder_uid === null ? undefined : keys.get(row.shared_folder_uid);
          const key = shared ? decrypt(shared, row.record_key) : await recordKey(context, row);
          return { position: row.position, record: toRecord(row, openRecordData(key, row.record_data)) };
        }),
      );
      return pageOf(opened, request, ({ record }) => record);
    },

    ...contentRemoval(context),
  };
}

async function renameFolder(
  context: Context,
  row: FolderRow,
  name: string,
  parentUid: string | null | undefined,
): Promise<VaultFolder> {
  if (parentUid !== undefined && parentUid !== row.parent_uid) {
    throw conflict(row.uid, `is in ${placeName(row.parent_uid)}, and folders are not moved to ${placeName(parentUid)}`);
  }
  const folder_data = folderData(await folderKey(context, row), name);
  const changed = { folder_data, ...nameColumns(context, 'folders', row.uid, name) };
  await context.database.db.updateTable('folders').set(changed).where('uid', '=', row.uid).execute();
  return { uid: row.uid, name, parentUid: row.parent_uid };
}

async function replaceRecord(
  context: Context,
  row: RecordRow,
  { folderUid, data, dryRun }: { folderUid: string | null | undefined; data: RecordData; dryRun: boolean },
): Promise<RecordPut> {
  const key = await recordKey(context, row);
  const before = openRecordData(key, row.record_data);
  const moves = folderUid !== undefined && folderUid !== row.folder_uid;
  const moved = moves ? { movedFrom: row.folder_uid } : {};
  // An import that is repeated tells by the revision what it changed, and devices what to read again.
  const unchanged = !moves && isDeepStrictEqual(before, data);
  const revision = unchanged ? row.revision : row.revision + 1;
  const folder_uid = moves ? folderUid : row.folder_uid;
  const put = {
    record: toRecord({ ...row, folder_uid, revision }, data),
    created: false,
    erased: erasedFields(before, data),
    ...moved,
  };
  if (unchanged || dryRun) return put;
  const changed = { record_data: recordData(key, data), revision };
  await context.database.db
    .updateTable('records')
    .set({ ...changed, ...nameColumns(context, 'records', row.uid, data.title) })
    .where('uid', '=', row.uid)
    .execute();
  if (moves) await moveRecord(context, row.uid, folderUid, key);
  return put;
}

/** Into a folder, where its key is under that one's; or out of all. */
async function moveRecord(context: Context, uid: string, folderUid: string | null, key: Buffer): Promise<void> {
  const folder = folderUid === null ? undefined : await requireFolder(context, folderUid);
  const shared_folder_uid = folder?.shared_folder_uid ?? null;
  const record_key = await wrapRecordKey(context, uid, shared_folder_uid, key);
  await context.database.db
    .updateTable('records')
    .set({ folder_uid: folderUid, shared_folder_uid, record_key })
    .where('uid', '=', uid)
    .execute();
}

/** The keys of all shared folders that the rows are in, in one query. */
async function sharedFolderKeys(
  context: Context,
  rows: readonly { shared_folder_uid: string | null }[],
): Promise<Map<string, Buffer>> {
  const uids = [...new Set(rows.map((row) => row.shared_folder_uid).filter((uid) => uid !== null))];
  if (uids.length === 0) {
    return new Map();
  }
  const folders = await context.database.db
    .selectFrom('folders')
    .select(['uid', 'folder_key'])
    .where('uid', 'in', uids)
    .execute();
  return new Map(folders.map((row) => [row.uid, openSharedFolderKey(context, row)]));
}

async function requireFolder(context: Context, uid: string): Promise<FolderRow> {
  const folder = await findFolder(context, uid);
  if (!folder) {
    throw new KsmError('secret_not_found', `The vault has no folder ${uid} to put this into. Make it first.`);
  }
  return folder;
}

async function refuseRecordUid(context: Context, uid: string): Promise<void> {
  if (await findRecord(context, uid)) {
    throw conflict(uid, 'is the UID of a record, not of a folder');
  }
}

async function refuseFolderUid(context: Context, uid: string): Promise<void> {
  if (await findFolder(context, uid)) {
    throw conflict(uid, 'is the UID of a folder, not of a record');
  }
}

const placeName = (uid: string | null) => (uid === null ? 'no folder' : `the folder ${uid}`);

function conflict(uid: string, reason: string): KsmError {
  return new KsmError('vault_content_conflict', `${uid} ${reason}. Use another UID.`);
}

function toRecord(row: RecordRow, { title, type }: RecordData): VaultRecord {
  return { uid: row.uid, title, type, folderUid: row.folder_uid, revision: row.revision };
}

/**
 * What an application may read, as it is stored: keys under the application's
 * or the folder's key, contents under their own. Nothing is decrypted here,
 * as Keeper's servers do not decrypt it either.
 */

import type { Context } from './context';

export interface ReadableRecord {
  readonly uid: string;
  /** Under the shared folder's key, or under the application key for a record that is granted by itself. */
  readonly recordKey: Buffer;
  readonly data: Buffer;
  readonly revision: number;
  /** Null where the record is granted by itself. */
  readonly sharedFolderUid: string | null;
  /** The folder it is in, the shared folder itself included. */
  readonly folderUid: string | null;
  readonly editable: boolean;
}

export interface ReadableFolder {
  readonly uid: string;
  /** Null for a shared folder. */
  readonly parentUid: string | null;
  /** A shared folder's under the application key, by GCM; a subfolder's under the shared folder's key, by CBC. */
  readonly folderKey: Buffer;
  /** `{"name"}` under the folder key, by CBC. */
  readonly data: Buffer;
}

export interface Readable {
  /** The keys of the granted shared folders under the application key. */
  readonly sharedFolders: readonly { readonly uid: string; readonly folderKey: Buffer }[];
  readonly records: readonly ReadableRecord[];
}

export interface Readables {
  /** Granted shared folders, and the records in them and granted by themselves, in the order they were made. */
  records(applicationId: string): Promise<Readable>;
  /** Granted shared folders with all folders inside, parents before their children. */
  folders(applicationId: string): Promise<ReadableFolder[]>;
}

export function readables({ database }: Context): Readables {
  return {
    async records(applicationId) {
      const grants = await database.db
        .selectFrom('grants')
        .leftJoin('records', 'records.uid', 'grants.secret_uid')
        .select(['grants.kind', 'grants.secret_uid', 'grants.secret_key', 'grants.editable'])
        .select(['records.record_data', 'records.revision', 'records.folder_uid'])
        .where('application_uid', '=', applicationId)
        .orderBy('grants.position')
        .execute();
      const folders = grants.filter(({ kind }) => kind === 'folder');
      const inFolders = folders.length === 0 ? [] : await recordsInGrantedFolders(applicationId);
      const seen = new Set(inFolders.map(({ uid }) => uid));
      const single = grants.flatMap((grant): ReadableRecord[] =>
        grant.record_data === null || grant.revision === null || seen.has(grant.secret_uid)
          ? []
          : [
              {
                uid: grant.secret_uid,
                recordKey: grant.secret_key,
                data: grant.record_data,
                revision: grant.revision,
                sharedFolderUid: null,
                folderUid: null,
                editable: Boolean(grant.editable),
              },
            ],
      );
      // A record that is granted twice, by its folder and by itself, may be edited where either grant says so.
      const editable = new Set(grants.filter((grant) => grant.editable).map((grant) => grant.secret_uid));
      return {
        sharedFolders: folders.map((grant) => ({ uid: grant.secret_uid, folderKey: grant.secret_key })),
        records: [
          ...inFolders.map((record) => ({ ...record, editable: record.editable || editable.has(record.uid) })),
          ...single,
        ],
      };
    },

    async folders(applicationId) {
      const rows = await database.db
        .selectFrom('folders')
        .innerJoin('grants', 'grants.secret_uid', 'folders.shared_folder_uid')
        .select(['folders.uid', 'folders.parent_uid', 'folders.folder_key', 'folders.folder_data', 'grants.secret_key'])
        .where('grants.application_uid', '=', applicationId)
        .orderBy('folders.position')
        .execute();
      return rows.map((row) => ({
        uid: row.uid,
        parentUid: row.parent_uid,
        folderKey: row.parent_uid === null ? row.secret_key : row.folder_key,
        data: row.folder_data,
      }));
    },
  };

  async function recordsInGrantedFolders(applicationId: string): Promise<ReadableRecord[]> {
    const rows = await database.db
      .selectFrom('records')
      .innerJoin('grants', 'grants.secret_uid', 'records.shared_folder_uid')
      .select(['records.uid', 'record_key', 'record_data', 'revision', 'shared_folder_uid', 'folder_uid', 'editable'])
      .where('grants.application_uid', '=', applicationId)
      .orderBy('records.position')
      .execute();
    return rows.map((row) => ({
      uid: row.uid,
      recordKey: row.record_key,
      data: row.record_data,
      revision: row.revision,
      sharedFolderUid: row.shared_folder_uid,
      folderUid: row.folder_uid,
      editable: Boolean(row.editable),
    }));
  }
}

/**
 * What an application may read, as it is stored: keys under the application's
 * or the folder's key, contents under their own. Nothing is decrypted here,
 * as Keeper's servers do not decrypt it either.
 */

import { inPortions, ROWS_A_PORTION } from '../../store/portions';
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

/** What a device asks for; an empty list: all. A record passes when it is one of the records and in one of the folders. */
export interface ReadFilter {
  readonly records: readonly string[];
  readonly folders: readonly string[];
}

export interface Readables {
  /** How many records pass, and the bytes of their stored contents: asked before they are read. */
  size(applicationId: string, filter: ReadFilter): Promise<{ records: number; bytes: number }>;
  /**
   * Granted shared folders, and the records in them and granted by themselves, in the order they were made.
   *
   * @param expected how many: many are read as of one moment, and take turns with others
   */
  records(applicationId: string, filter: ReadFilter, expected: number): Promise<Readable>;
  /** Granted shared folders with all folders inside, parents before their children. */
  folders(applicationId: string): Promise<ReadableFolder[]>;
}

export function readables({ database }: Context): Readables {
  /** Records in granted shared folders. */
  const inFolders = (applicationId: string, { records, folders }: ReadFilter) =>
    database.db
      .selectFrom('records')
      .innerJoin('grants', 'grants.secret_uid', 'records.shared_folder_uid')
      .where('grants.application_uid', '=', applicationId)
      .$if(records.length > 0, (query) => query.where(database.isOneOf('records.uid', records)))
      .$if(folders.length > 0, (query) =>
        query.where(({ or }) =>
          or([database.isOneOf('records.shared_folder_uid', folders), database.isOneOf('records.folder_uid', folders)]),
        ),
      );

  /** Records that are granted by themselves alone: what its folder grants as well is read there. */
  const single = (applicationId: string, { records }: ReadFilter) =>
    database.db
      .selectFrom('grants')
      .innerJoin('records', 'records.uid', 'grants.secret_uid')
      .where('grants.application_uid', '=', applicationId)
      .where(({ not, exists, selectFrom }) =>
        not(
          exists(
            selectFrom('grants as of_folder')
              .select('of_folder.secret_uid')
              .where('of_folder.application_uid', '=', applicationId)
              .whereRef('of_folder.secret_uid', '=', 'records.shared_folder_uid'),
          ),
        ),
      )
      .$if(records.length > 0, (query) => query.where(database.isOneOf('records.uid', records)));

  /** What is granted by itself is in no folder that a device could ask for. */
  const hasSingle = ({ folders }: ReadFilter) => folders.length === 0;

  return {
    async size(applicationId, filter) {
      const queries = [inFolders(applicationId, filter), ...(hasSingle(filter) ? [single(applicationId, filter)] : [])];
      let [records, bytes] = [0, 0];
      for (const query of queries) {
        const row = await query
          .select(({ fn }) => [
            fn.countAll<number>().as('records'),
            fn.sum<number | null>(fn<number>('length', ['records.record_data'])).as('bytes'),
          ])
          .executeTakeFirstOrThrow();
        records += Number(row.records);
        bytes += Number(row.bytes ?? 0);
      }
      return { records, bytes };
    },

    records: (applicationId, filter, expected) =>
      expected > ROWS_A_PORTION ? database.reading(() => read(applicationId, filter)) : read(applicationId, filter),

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

  async function read(applicationId: string, filter: ReadFilter): Promise<Readable> {
    const grants = await database.db
      .selectFrom('grants')
      .select(['kind', 'secret_uid', 'secret_key', 'editable'])
      .where('application_uid', '=', applicationId)
      .orderBy('position')
      .execute();
    const ofFolders = await inPortions(
      (after: number | undefined, limit) =>
        inFolders(applicationId, filter)
          .select(['records.position', 'records.uid', 'record_key', 'record_data', 'revision'])
          .select(['shared_folder_uid', 'folder_uid', 'editable'])
          .where('records.position', '>', after ?? 0)
          .orderBy('records.position')
          .limit(limit)
          .execute(),
      ({ position }) => position,
    );
    const ofRecords = hasSingle(filter)
      ? await inPortions(
          (after: number | undefined, limit) =>
            single(applicationId, filter)
              .select(['grants.position', 'records.uid', 'secret_key', 'record_data', 'revision', 'editable'])
              .where('grants.position', '>', after ?? 0)
              .orderBy('grants.position')
              .limit(limit)
              .execute(),
          ({ position }) => position,
        )
      : [];
    // A record that is granted twice, by its folder and by itself, may be edited where either grant says so.
    const editable = new Set(grants.filter((grant) => grant.editable).map((grant) => grant.secret_uid));
    return {
      sharedFolders: grants
        .filter(({ kind }) => kind === 'folder')
        .map((grant) => ({ uid: grant.secret_uid, folderKey: grant.secret_key })),
      records: [
        ...ofFolders.map((row) => ({
          uid: row.uid,
          recordKey: row.record_key,
          data: row.record_data,
          revision: row.revision,
          sharedFolderUid: row.shared_folder_uid,
          folderUid: row.folder_uid,
          editable: Boolean(row.editable) || editable.has(row.uid),
        })),
        ...ofRecords.map((row) => ({
          uid: row.uid,
          recordKey: row.secret_key,
          data: row.record_data,
          revision: row.revision,
          sharedFolderUid: null,
          folderUid: null,
          editable: Boolean(row.editable),
        })),
      ],
    };
  }
}

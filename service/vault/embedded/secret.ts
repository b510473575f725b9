import type { Secret, SharedFolder } from '../../../contract/types';
import { pageOf, positionOf } from '../page';
import type { RecordSecret, SecretListRequest, SecretVault } from '../vault';
import type { Context } from './context';
import { pathsOfFolders } from './folder-paths';
import { nameHash, openName } from './name';

/** In lists records stand behind all folders, whose positions are smaller. */
const RECORDS_FROM = 100_000_000_000_000;

interface Row {
  readonly position: number;
  readonly uid: string;
  readonly sealed_name: Buffer;
}

interface RecordRow extends Row {
  readonly folder_uid: string | null;
}

export function secretVault(context: Context): SecretVault {
  const { database, masterKey } = context;

  async function folders(request: SecretListRequest, after: number, limit: number): Promise<Row[]> {
    return (
      database.db
        .selectFrom('folders')
        .select(['position', 'uid', 'sealed_name'])
        // A folder inside a shared folder cannot be granted: it is nothing that an application could be given.
        .where('parent_uid', 'is', null)
        .where('position', '>', after)
        .$if(request.name !== undefined, (query) => query.where('name_hash', '=', nameHash(masterKey, request.name!)))
        .$if(request.only != null, (query) => query.where(database.isOneOf('uid', request.only!)))
        .orderBy('position')
        .limit(limit)
        .execute()
    );
  }

  async function records(request: SecretListRequest, after: number, limit: number): Promise<RecordRow[]> {
    return database.db
      .selectFrom('records')
      .select(['position', 'uid', 'sealed_name', 'folder_uid'])
      .where('position', '>', after)
      .$if(request.name !== undefined, (query) => query.where('name_hash', '=', nameHash(masterKey, request.name!)))
      .$if(request.only != null, (query) => query.where(database.isOneOf('uid', request.only!)))
      .orderBy('position')
      .limit(limit)
      .execute();
  }

  const sharedFolder = (row: Omit<Row, 'position'>): SharedFolder => {
    const name = openName(context, 'folders', row);
    // The folders of this vault are of the classic kind.
    return { uid: row.uid, kind: 'folder', folderKind: 'classic', name, path: name };
  };
  const recordsOf = async (rows: readonly RecordRow[]): Promise<RecordSecret[]> => {
    const paths = await pathsOfFolders(
      context,
      rows.flatMap((row) => row.folder_uid ?? []),
    );
    return rows.map((row) => {
      const name = openName(context, 'records', row);
      const folder = row.folder_uid === null ? undefined : paths.get(row.folder_uid);
      const path = row.folder_uid === null ? name : folder === undefined ? null : `${folder}/${name}`;
      return { uid: row.uid, kind: 'record', folderKind: null, name, path };
    });
  };

  return {
    async find(uids) {
      const all = { only: uids, limit: uids.length };
      const found = new Map<string, Secret>();
      for (const row of await folders(all, 0, uids.length)) found.set(row.uid, sharedFolder(row));
      for (const record of await recordsOf(await records(all, 0, uids.length))) found.set(record.uid, record);
      return uids.map((uid) => found.get(uid) ?? unknown(uid));
    },

    async list(request) {
      const { kind } = request;
      const after = positionOf(request, 0);
      const most = request.limit + 1;
      const first = kind === 'record' || after >= RECORDS_FROM ? [] : await folders(request, after, most);
      const rest =
        kind === 'folder' || first.length === most
          ? []
          : await records(request, Math.max(0, after - RECORDS_FROM), most - first.length);
      const found = await recordsOf(rest);
      const rows = [
        ...first.map(({ position, ...row }) => ({ position, item: sharedFolder(row) })),
        ...rest.map(({ position }, index) => ({ position: position + RECORDS_FROM, item: found[index]! })),
      ];
      return pageOf(rows, request, ({ item }) => item);
    },
  };
}

const unknown = (uid: string): Secret => ({ uid, kind: 'unknown', folderKind: null, name: null, path: null });

/**
 * Names of folders and titles of records in columns of their own, so that lists
 * and grants open no contents, and a search by name is an index look-up. At
 * rest a name is sealed, and its hash is keyed: without the master key nobody
 * tries out names.
 */

import type { MasterKey } from '../../store/master-key';
import type { Context } from './context';
import { folderColumns, folderKey, folderName } from './folder';
import { openRecordData, recordColumns, recordKey } from './record';

type Table = 'folders' | 'records';

const place = (table: Table, uid: string) => ({ table, column: 'sealed_name', id: uid });

/** What is stored of a name. */
export const nameColumns = ({ masterKey }: Context, table: Table, uid: string, name: string) => ({
  sealed_name: masterKey.seal(Buffer.from(name), place(table, uid)),
  name_hash: nameHash(masterKey, name),
});

/** The name in clear. */
export const openName = (
  { masterKey }: Pick<Context, 'masterKey'>,
  table: Table,
  row: { uid: string; sealed_name: Buffer },
): string => masterKey.unseal(row.sealed_name, place(table, row.uid)).toString();

/** Equal for equal names of folders and records alike. */
export const nameHash = (masterKey: MasterKey, name: string): Buffer => masterKey.hash(name, 'names');

/** Records are up to 1 MB each, and a portion is in memory at once. */
const PORTION = 50;

/** Fills the columns of what was stored before there were any, portion by portion: a start that is killed goes on later. */
export async function fillNames(context: Context): Promise<void> {
  while (await fillPortion(context, 'folders', unnamedFolders));
  while (await fillPortion(context, 'records', unnamedRecords));
}

interface Named {
  readonly uid: string;
  readonly name: string;
}

async function fillPortion(
  context: Context,
  table: Table,
  unnamed: (context: Context) => Promise<Named[]>,
): Promise<boolean> {
  const { database } = context;
  return database.transaction(async () => {
    const portion = await unnamed(context);
    for (const { uid, name } of portion) {
      await database.db
        .updateTable(table)
        .set(nameColumns(context, table, uid, name))
        .where('uid', '=', uid)
        .execute();
    }
    return portion.length > 0;
  });
}

async function unnamedFolders(context: Context): Promise<Named[]> {
  const rows = await context.database.db
    .selectFrom('folders')
    .select(folderColumns)
    .where('name_hash', 'is', null)
    .limit(PORTION)
    .execute();
  return Promise.all(
    rows.map(async (row) => ({ uid: row.uid, name: folderName(await folderKey(context, row), row.folder_data) })),
  );
}

async function unnamedRecords(context: Context): Promise<Named[]> {
  const rows = await context.database.db
    .selectFrom('records')
    .select(recordColumns)
    .where('name_hash', 'is', null)
    .limit(PORTION)
    .execute();
  return Promise.all(
    rows.map(async (row) => {
      const { title } = openRecordData(await recordKey(context, row), row.record_data);
      return { uid: row.uid, name: title };
    }),
  );
}

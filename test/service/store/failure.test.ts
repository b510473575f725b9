import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { type Database, openDatabase } from '../../../service/store/database';
import { asStoreError } from '../../../service/store/sqlite/failure';

let folder: string;
let file: string;
let database: Database;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ksm-failure-'));
  file = join(folder, 'vault.db');
  database = await openDatabase({ file });
});

afterEach(async () => {
  await database.close();
  rmSync(folder, { recursive: true });
});

const put = (name: string, bytes = 1) =>
  database.db
    .insertInto('settings')
    .values({ name: name as 'master_key_check', value: Buffer.alloc(bytes) })
    .execute();
const stored = async () =>
  (await database.db.selectFrom('settings').select('name').orderBy('name').execute()).map(({ name }) => name);
const pragma = (text: string) => sql.raw(`PRAGMA ${text}`).execute(database.db);
/** As on a full disk, the file cannot grow. */
const fill = () => pragma('max_page_count = 1');
const free = () => pragma('max_page_count = 1000000');
const BIG = 1_000_000;

test.each([
  'SQLITE_BUSY',
  'SQLITE_BUSY_SNAPSHOT',
  'SQLITE_LOCKED',
  'SQLITE_PROTOCOL',
  'SQLITE_FULL',
  'SQLITE_READONLY_DBMOVED',
  'SQLITE_PERM',
  'SQLITE_IOERR_WRITE',
  'SQLITE_CANTOPEN',
  'SQLITE_CORRUPT',
  'SQLITE_NOTADB',
  'SQLITE_NOMEM',
])('%s lies outside this program: the same call may succeed later', (code) => {
  const cause = Object.assign(new Error('engine words'), { code });
  expect(asStoreError(cause)).toMatchObject({
    code: 'database_unavailable',
    message: expect.stringMatching(/^[A-Z][a-z ]+\. \(SQLITE_[A-Z]+: engine words\)$/),
    cause,
  });
});

test('what the program itself does wrong stays what it is', async () => {
  for (const error of [Object.assign(new Error('x'), { code: 'SQLITE_ERROR' }), new TypeError('y')]) {
    expect(asStoreError(error)).toBe(error);
  }
  await put('a');
  await expect(put('a')).rejects.toMatchObject({ code: 'SQLITE_CONSTRAINT_PRIMARYKEY' });
  await expect(database.transaction(() => put('a'))).rejects.toMatchObject({ code: 'SQLITE_CONSTRAINT_PRIMARYKEY' });
  expect([...database.failures]).toEqual([]);
});

test('a full disk is the error that a unit and a lone write fail with, whatever undoing them says; reads and later writes work', async () => {
  await put('before');
  await fill();
  const full = {
    code: 'database_unavailable',
    message: 'The disk of the database is full. (SQLITE_FULL: database or disk is full)',
  };
  await expect(database.transaction(() => put('a', BIG))).rejects.toMatchObject(full);
  await expect(put('b', BIG)).rejects.toMatchObject(full);
  expect(await stored()).toEqual(['before']);
  expect([...database.failures]).toEqual([['SQLITE_FULL', 2]]);
  await free();
  await database.transaction(() => put('a', BIG));
  await put('b', BIG);
  expect(await stored()).toEqual(['a', 'b', 'before']);
});

test('after a statement with which SQLite has ended the transaction nothing more of the unit is kept', async () => {
  await fill();
  const swallowing = database.transaction(async () => {
    await put('a', BIG).catch(() => undefined);
    await put('b').catch(() => undefined);
  });
  await expect(swallowing).rejects.toMatchObject({ code: 'database_unavailable' });
  expect(await stored()).toEqual([]);
  await free();
  await database.transaction(() => put('c'));
  expect(await stored()).toEqual(['c']);
});

test('a probe finds out that nothing can be written, and changes nothing that is stored', async () => {
  await put('a');
  await database.probe();
  await pragma('query_only = ON');
  await expect(database.probe()).rejects.toMatchObject({
    code: 'database_unavailable',
    cause: { code: 'SQLITE_READONLY' },
  });
  await pragma('query_only = OFF');
  await database.probe();
  expect(await stored()).toEqual(['a']);
});

/** Overwrites what follows the first page, where the list of tables is, and makes the connection forget what it knows. */
async function damage(): Promise<void> {
  await pragma('wal_checkpoint(TRUNCATE)');
  await pragma('cache_size = 0');
  const descriptor = openSync(file, 'r+');
  writeSync(descriptor, Buffer.alloc(statSync(file).size - 4_096, 0xff), 0, undefined, 4_096);
  closeSync(descriptor);
}

test('a database that is damaged while it is open fails as unavailable, and its probe for good', async () => {
  await put('a');
  await damage();
  await expect(stored()).rejects.toMatchObject({
    code: 'database_unavailable',
    message: expect.stringContaining('The database is damaged. (SQLITE_CORRUPT'),
  });
  for (let index = 0; index < 2; index++) {
    await expect(database.probe()).rejects.toMatchObject({
      code: 'database_unavailable',
      message: expect.stringContaining('restore a backup'),
    });
  }
});

test('a damaged database is refused before anything is changed, with the file and the cure', async () => {
  await put('a');
  await damage();
  await database.close();
  const before = readFileSync(file);
  await expect(openDatabase({ file })).rejects.toMatchObject({
    code: 'database_damaged',
    message: expect.stringMatching(/vault\.db is damaged \(.+\)\. Nothing was changed\..*restore a backup/),
  });
  expect(readFileSync(file)).toEqual(before);
  database = await openDatabase({ file: join(folder, 'another.db') });
});

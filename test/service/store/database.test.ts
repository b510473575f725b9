import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { type Database, openDatabase } from '../../../service/store/database';

let folder: string;
let file: string;
let database: Database;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ksm-store-'));
  file = join(folder, 'vault.db');
  database = await openDatabase({ file });
});

afterEach(async () => {
  await database.close();
  rmSync(folder, { recursive: true });
});

const put = (value: string) =>
  database.db
    .insertInto('settings')
    .values({ name: value as 'master_key_check', value: Buffer.from(value) })
    .execute();
const stored = async () =>
  (await database.db.selectFrom('settings').select('name').orderBy('name').execute()).map((row) => String(row.name));

test('what a transaction wrote is there after a reopening', async () => {
  await database.transaction(async () => {
    await put('a');
    await database.transaction(() => put('b'));
  });
  await database.close();
  database = await openDatabase({ file });
  expect(await stored()).toEqual(['a', 'b']);
});

test('an error in a transaction undoes all of it, also what calls inside it wrote', async () => {
  const failing = database.transaction(async () => {
    await put('a');
    await database.transaction(() => put('b'));
    throw new Error('no');
  });
  await expect(failing).rejects.toThrow('no');
  expect(await stored()).toEqual([]);
});

test('a transaction whose inner part failed cannot be committed by swallowing the error', async () => {
  const swallowing = database.transaction(async () => {
    await put('a');
    await database
      .transaction(async () => {
        await put('b');
        throw new Error('inner');
      })
      .catch(() => undefined);
  });
  await expect(swallowing).rejects.toThrow('cannot be committed');
  expect(await stored()).toEqual([]);
});

test('transactions that start together run one after another', async () => {
  const order: string[] = [];
  const unit = (name: string) =>
    database.transaction(async () => {
      order.push(`${name} begins`);
      await put(name);
      await new Promise((resolve) => setImmediate(resolve));
      order.push(`${name} ends`);
    });
  await Promise.all([unit('a'), unit('b')]);
  expect(order).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
});

test('a read outside never sees what a transaction has not committed', async () => {
  let written: () => void = () => undefined;
  const wrote = new Promise<void>((resolve) => {
    written = resolve;
  });
  const failing = database.transaction(async () => {
    await put('a');
    written();
    await new Promise((resolve) => setImmediate(resolve));
    throw new Error('no');
  });
  await wrote;
  const read = stored();
  await expect(failing).rejects.toThrow('no');
  expect(await read).toEqual([]);
});

test('work that outlives its transaction stands for itself', async () => {
  let late: Promise<unknown> | undefined;
  await database.transaction(async () => {
    late = new Promise((resolve) => setTimeout(resolve, 5)).then(() => put('late'));
  });
  await late;
  expect(await stored()).toEqual(['late']);
});

test('the database file and its journal are readable by their owner alone', async () => {
  await put('a');
  for (const name of [file, `${file}-wal`]) {
    expect([name, statSync(name).mode & 0o777]).toEqual([name, 0o600]);
  }
});

test('a commit is durable, foreign keys are held and what is deleted is overwritten', async () => {
  const pragma = async (name: string) => Object.values((await sql.raw(`PRAGMA ${name}`).execute(database.db)).rows[0]!);
  expect(await pragma('journal_mode')).toEqual(['wal']);
  expect(await pragma('synchronous')).toEqual([2]);
  expect(await pragma('foreign_keys')).toEqual([1]);
  expect(await pragma('secure_delete')).toEqual([1]);
});

test('a folder that does not exist and a file that is no database are named with the cure', async () => {
  const missing = join(folder, 'missing', 'vault.db');
  await expect(openDatabase({ file: missing })).rejects.toMatchObject({
    code: 'database_unavailable',
    message: expect.stringContaining(missing),
  });
  const other = join(folder, 'other.db');
  writeFileSync(other, 'not a database at all '.repeat(100));
  const before = readFileSync(other);
  await expect(openDatabase({ file: other })).rejects.toMatchObject({
    code: 'database_unavailable',
    message: expect.stringMatching(/other\.db.*not a database/),
  });
  expect(readFileSync(other)).toEqual(before);
});

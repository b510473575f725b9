import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import Libsql from 'libsql';
import { type Database, openDatabase } from '../../../service/store/database';
import { journalBelongs, nextCount } from '../../../service/store/sqlite/journal';

let folder: string;
let file: string;
let database: Database;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ksm-journal-'));
  file = join(folder, 'vault.db');
  database = await openDatabase({ file });
});
afterEach(async () => {
  await database.close();
  rmSync(folder, { recursive: true });
});

const put = (name: string) =>
  database.db
    .insertInto('settings')
    .values({ name: name as 'master_key_check', value: Buffer.alloc(3_000) })
    .execute();
const checkpoint = (kind: string) => sql.raw(`PRAGMA wal_checkpoint(${kind})`).execute(database.db);

interface Snapshot {
  readonly file: string;
  /** The same content in one file, page for page, as a backup has it. */
  readonly backup: string;
  readonly rows: string[];
}

/** File and journal as a crash at this moment leaves them. */
function snapshot(name: string, rows: string[]): Snapshot {
  const copy = join(folder, `${name}.db`);
  copyFileSync(file, copy);
  if (existsSync(`${file}-wal`)) {
    copyFileSync(`${file}-wal`, `${copy}-wal`);
  }
  const backup = `${copy}.backup`;
  for (const end of ['', '-wal'].filter((name) => existsSync(`${copy}${name}`))) {
    copyFileSync(`${copy}${end}`, `${backup}${end}`);
  }
  const connection = new Libsql(backup);
  connection.prepare('PRAGMA wal_checkpoint(TRUNCATE)').all();
  connection.close();
  return { file: copy, backup, rows: [...rows] };
}

/** One snapshot's backup beside another's journal, as after a restore that leaves the journal where it is. */
function mixture(main: Snapshot, journal: Snapshot): string {
  const mixed = join(folder, 'mixed.db');
  for (const name of ['', '-wal', '-shm']) {
    rmSync(`${mixed}${name}`, { force: true });
  }
  copyFileSync(main.backup, mixed);
  if (existsSync(`${journal.file}-wal`)) {
    copyFileSync(`${journal.file}-wal`, `${mixed}-wal`);
  }
  return mixed;
}

function rowsOf(mixed: string): string[] {
  const connection = new Libsql(mixed);
  try {
    return (connection.prepare('SELECT name FROM settings ORDER BY name').all() as { name: string }[]).map(
      ({ name }) => name,
    );
  } finally {
    connection.close();
  }
}

test('a journal is taken for its own after any crash, and for that of another whenever the two would mix', async () => {
  const rows: string[] = [];
  const snapshots: Snapshot[] = [snapshot('s0', rows)];
  // Checkpoints of every kind, and a snapshot at every step: before one, after it, and after the first write of the next journal.
  const steps = 'w w p w w t w w r w w p w t t w r w w'.split(' ');
  for (const [index, step] of steps.entries()) {
    if (step === 'w') {
      const name = `row ${String(index).padStart(2, '0')}`;
      await (index % 3 === 0 ? put(name) : database.transaction(() => put(name)));
      rows.push(name);
    } else {
      await checkpoint({ p: 'PASSIVE', t: 'TRUNCATE', r: 'RESTART' }[step]!);
    }
    snapshots.push(snapshot(`s${index + 1}`, rows));
  }
  let refused = 0;
  for (const journal of snapshots) {
    expect([journal.file, journalBelongs(journal.file)]).toEqual([journal.file, true]);
    for (const main of snapshots) {
      const mixed = mixture(main, journal);
      if (!journalBelongs(mixed)) {
        refused++;
      } else {
        // An empty journal leaves the file what it is; its own makes of it what was there last.
        const expected = existsSync(`${mixed}-wal`) && readFileSync(`${mixed}-wal`).length > 0 ? journal : main;
        expect([main.file, journal.file, rowsOf(mixed)]).toEqual([main.file, journal.file, expected.rows]);
      }
    }
  }
  expect(refused).toBeGreaterThan(100);
}, 240_000);

test('a journal with commits of other programs, or without any of this one, is taken for its own', async () => {
  const other = new Libsql(file);
  await put('a');
  await checkpoint('TRUNCATE');
  other.exec('CREATE TABLE foreign_table (x)');
  expect(journalBelongs(snapshot('foreign', []).file)).toBe(true);
  await put('b');
  other.exec('ANALYZE');
  expect(journalBelongs(snapshot('both', []).file)).toBe(true);
  other.close();
});

test('the count goes round where SQLite has no more bits', async () => {
  expect(nextCount(2 ** 31 - 1)).toBe(0);
  await sql.raw(`PRAGMA user_version = ${2 ** 31 - 3}`).execute(database.db);
  await checkpoint('TRUNCATE');
  const before = snapshot('before', []);
  for (const name of ['a', 'b', 'c', 'd']) {
    await put(name);
  }
  const after = snapshot('after', []);
  expect(journalBelongs(after.file)).toBe(true);
  await checkpoint('TRUNCATE');
  await put('e');
  const later = snapshot('later', []);
  expect(journalBelongs(later.file)).toBe(true);
  expect(journalBelongs(mixture(before, later))).toBe(false);
});

test('what only reads is not counted', async () => {
  const count = async () => (await sql<{ user_version: number }>`PRAGMA user_version`.execute(database.db)).rows;
  await put('a');
  const before = await count();
  await database.transaction(() => database.db.selectFrom('settings').select('name').execute());
  expect(await count()).toEqual(before);
});

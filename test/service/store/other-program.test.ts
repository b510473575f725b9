import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { sql } from 'kysely';
import Libsql from 'libsql';
import { type Database, openDatabase } from '../../../service/store/database';

let folder: string;
let file: string;
let database: Database;
let other: Libsql.Database;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ksm-other-'));
  file = join(folder, 'vault.db');
  database = await openDatabase({ file });
  other = new Libsql(file);
});

afterEach(async () => {
  other.close();
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
/** A unit as the service's are: it reads before it writes. */
const unit = (value: string) =>
  database.transaction(async () => {
    const before = await stored();
    await put(value);
    return before;
  });

test('a unit and a lone write wait until another program lets go of the file, and reads pass them', async () => {
  other.exec('BEGIN IMMEDIATE');
  let done = 0;
  const writes = [unit('a'), put('b')].map((write) => write.then(() => done++));
  await delay(100);
  expect(await stored()).toEqual([]);
  await delay(900);
  expect([done, await stored()]).toEqual([0, []]);
  other.exec('COMMIT');
  await Promise.all(writes);
  expect(await stored()).toEqual(['a', 'b']);
  expect([...database.failures]).toEqual([]);
});

test('what another program commits between and during units is seen by the next, and stops none', async () => {
  const expected: string[] = [];
  for (let round = 10; round < 30; round++) {
    other.exec(`BEGIN IMMEDIATE; INSERT INTO settings VALUES ('foreign ${round}', x'00')`);
    const writing = unit(`own ${round}`);
    await delay(5);
    other.exec('COMMIT');
    expected.push(`foreign ${round}`);
    expect(await writing).toEqual([...expected].sort());
    expected.push(`own ${round}`);
    expect(await stored()).toEqual([...expected].sort());
  }
});

test('a program that does not let go makes writes fail as unavailable, reads go on, and all is well when it has gone', async () => {
  other.exec('BEGIN IMMEDIATE');
  const raw = sql`INSERT INTO settings VALUES ('raw', x'00')`.execute(database.db);
  const results = await Promise.allSettled([unit('a'), put('b'), raw, database.probe(), stored()]);
  for (const result of results.slice(0, 4)) {
    expect(result).toMatchObject({
      status: 'rejected',
      reason: {
        code: 'database_unavailable',
        message: 'Another program holds the database. (SQLITE_BUSY: database is locked)',
        cause: { code: 'SQLITE_BUSY' },
      },
    });
  }
  expect(results[4]).toEqual({ status: 'fulfilled', value: [] });
  expect([...database.failures]).toEqual([['SQLITE_BUSY', 4]]);

  other.exec("INSERT INTO settings VALUES ('foreign', x'00'); COMMIT");
  await put('b');
  expect(await unit('c')).toEqual(['b', 'foreign']);
  await database.probe();
  expect(await stored()).toEqual(['b', 'c', 'foreign']);
}, 240_000);

/** Does to the file over and over what an operator's shell and backup tools do to it, as a process of its own. */
const MAINTENANCE = `
  const db = new (require('libsql'))(process.argv[1], { timeout: 500 });
  const done = { analyze: 0, checkpoint: 0, change: 0 };
  const attempt = (what, step) => {
    try {
      step();
      done[what]++;
    } catch (error) {
      if (error.code !== 'SQLITE_BUSY') throw error;
    }
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
  };
  while (Math.min(...Object.values(done)) < 3) {
    attempt('analyze', () => db.exec('ANALYZE'));
    attempt('checkpoint', () => db.prepare('PRAGMA wal_checkpoint(TRUNCATE)').all());
    attempt('change', () => db.exec('CREATE TABLE IF NOT EXISTS foreign_table (x)'));
  }
`;

test('ANALYZE, checkpoints and changes by another process under load fail no write, and none is lost', async () => {
  const child = spawn(process.execPath, ['-e', MAINTENANCE, file], {
    stdio: ['ignore', 'inherit', 'inherit'],
    cwd: join(__dirname, '../../..'),
  });
  const exit = once(child, 'exit');
  let ended = false;
  void exit.then(() => {
    ended = true;
  });
  const written: string[] = [];
  const writer = async (name: string) => {
    for (let index = 0; !ended; index++) {
      await unit(`${name} ${index}`);
      written.push(`${name} ${index}`);
      await delay(5);
    }
  };
  await Promise.all(['a', 'b', 'c', 'd'].map(writer));
  expect(await exit).toEqual([0, null]);
  expect(written.length).toBeGreaterThan(4);
  expect(await stored()).toEqual(written.sort());
  expect((await sql`PRAGMA integrity_check`.execute(database.db)).rows).toEqual([{ integrity_check: 'ok' }]);
}, 240_000);

test('a connection that was left inside a transaction is replaced by one that can begin', async () => {
  await sql`BEGIN`.execute(database.db);
  await sql`INSERT INTO settings VALUES ('left open', x'00')`.execute(database.db);
  await unit('a');
  await put('b');
  expect(await stored()).toEqual(['a', 'b']);
  expect(other.prepare('SELECT name FROM settings ORDER BY name').all()).toEqual([{ name: 'a' }, { name: 'b' }]);
});

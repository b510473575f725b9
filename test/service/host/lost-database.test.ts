import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Libsql from 'libsql';
import { ask, start, type Temporary, temporaryFolder } from '../running-service';

let temporary: Temporary;
let data: string;
let database: string;
beforeEach(async () => {
  temporary = temporaryFolder();
  data = join(temporary.folder, 'data');
  database = join(data, 'service.db');
  await (await start(data)).stop();
});
afterEach(() => temporary.remove());

const LOSSES: [string, () => void][] = [
  ['missing', () => rmSync(database)],
  [
    'of no bytes',
    () => {
      // Another file, as after a restart of the process: the connection of the first service may not be collected yet.
      rmSync(database);
      writeFileSync(database, '');
    },
  ],
  [
    'without tables',
    () => {
      rmSync(database);
      const empty = new Libsql(database);
      empty.exec('PRAGMA journal_mode = WAL; PRAGMA user_version = 1');
      empty.close();
    },
  ],
];

test.each(LOSSES)('keys beside a database that is %s are refused with the likely cause, and stay', async (_, lose) => {
  lose();
  const token = readFileSync(join(data, 'admin.token'), 'utf8');
  const found = existsSync(database) && readFileSync(database);
  await expect(start(data)).rejects.toMatchObject({
    code: 'database_missing',
    message: expect.stringMatching(
      /has master\.key, admin\.token, tls of an earlier service, .*service\.db is missing or empty\. Is the right volume mounted.*start once with --init/,
    ),
  });
  expect(readFileSync(join(data, 'admin.token'), 'utf8')).toBe(token);
  expect(existsSync(database) && readFileSync(database)).toEqual(found);

  const begun = await start(data, { init: true });
  expect((await ask(begun, 'GET', '/v1/applications')).json).toEqual({ items: [] });
  await begun.stop();
  await (await start(data)).stop();
});

test.each(['master.key', 'admin.token', 'tls'])('%s alone tells of an earlier service', async (kept) => {
  rmSync(data, { recursive: true });
  mkdirSync(join(data, 'tls'), { recursive: true, mode: 0o700 });
  if (kept !== 'tls') {
    rmSync(join(data, 'tls'), { recursive: true });
    writeFileSync(join(data, kept), '', { mode: 0o600 });
  }
  await expect(start(data)).rejects.toMatchObject({ code: 'database_missing' });
});

test('an empty folder, and one that only the lock was made in, begin a new vault', async () => {
  for (const name of ['service.db', 'master.key', 'admin.token', 'tls']) {
    rmSync(join(data, name), { recursive: true });
  }
  await (await start(data)).stop();
});

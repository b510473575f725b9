import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import Libsql from 'libsql';
import { type Api, startApi } from '../http/api';

const ROWS = 1_200;

let api: Api;
beforeEach(async () => {
  api = await startApi();
});
afterEach(() => api.close());

/** Rows as version 0.1.0 wrote them, and nothing yet that says that they were sealed. */
async function writeClearNames(): Promise<void> {
  const actions = ['folder.create', 'record.update', 'grant.delete', 'application.create', 'client_device.create'];
  const facts = { at: 1000, outcome: 'done', actor: 'token', principal: 'ci', run_id: null, request_id: null } as const;
  const none = { principal_id: null, before: null, after: null, reason: null, sealed_name: null };
  const rows = Array.from({ length: ROWS }, (_, index) => {
    const action = actions[index % actions.length]!;
    const secret = index % actions.length < 3;
    const name = index % 7 === 0 ? null : `${secret ? 'CANARY' : 'OPEN'} ${index}`;
    return { ...facts, ...none, action, target: `target-${index}`, name };
  });
  await api.database.transaction(() => api.database.db.insertInto('audit_events').values(rows).execute());
  await forget();
}

const forget = () => api.database.db.deleteFrom('settings').where('name', '=', 'audit_names_sealed').execute();

const namesSeen = async () => {
  const names: string[] = [];
  for (let cursor = ''; cursor !== undefined; ) {
    const query = `limit=1000&principal=ci${cursor && `&cursor=${cursor}`}`;
    const page = await api.expect(200, 'GET', `/v1/audit-events?${query}`, { token: await api.admin() });
    names.push(...page.items.map(({ name }: { name: string | null }) => name ?? ''));
    cursor = page.nextCursor;
  }
  return names.reverse();
};

function filesHold(text: string): string[] {
  backUp();
  return ['vault.db', 'vault.db-wal', 'backup.db'].filter((name) => {
    const file = join(api.folder, name);
    return existsSync(file) && readFileSync(file).includes(text);
  });
}

/** Page for page, where there is a shell: what is left in free space would come along. */
function backUp(): void {
  const [file, backup] = ['vault.db', 'backup.db'].map((name) => join(api.folder, name)) as [string, string];
  rmSync(backup, { force: true });
  const done = spawnSync('sqlite3', [file, `.backup '${backup}'`]).status === 0;
  if (!done) new Libsql(file).exec(`VACUUM INTO '${backup}'`);
}

const clear = async () =>
  (await api.database.db.selectFrom('audit_events').select('name').where('name', 'like', 'CANARY%').execute()).length;

test('a start seals the names of secrets that were noted in clear; the API tells them as before, and no file or backup has them', async () => {
  await writeClearNames();
  const before = await namesSeen();
  expect(before.filter((name) => name.startsWith('CANARY')).length).toBeGreaterThan(600);
  expect(filesHold('CANARY')).toContain('vault.db-wal');
  await api.restart();
  expect(await clear()).toBe(0);
  expect(filesHold('CANARY')).toEqual([]);
  expect(filesHold('OPEN 3')).toContain('vault.db');
  expect(await namesSeen()).toEqual(before);
});

test('a start that was stopped in between is gone on with by the next', async () => {
  await writeClearNames();
  const before = await namesSeen();
  const { seal } = api.masterKey;
  let count = 0;
  api.masterKey.seal = (...facts) => {
    if (++count > 550) throw new Error('killed');
    return seal.apply(api.masterKey, facts);
  };
  await expect(api.restart()).rejects.toThrow('killed');
  api.masterKey.seal = seal;
  expect(await clear()).toBeGreaterThan(50);
  expect(await clear()).toBeLessThan(200);
  await api.restart();
  expect(await clear()).toBe(0);
  expect(await namesSeen()).toEqual(before);
});

test('while another program reads the database the journal stays, and the next start empties it', async () => {
  await writeClearNames();
  const other = new Libsql(join(api.folder, 'vault.db'));
  other.exec('BEGIN');
  other.prepare('SELECT count(*) FROM audit_events').all();
  await api.restart();
  expect(await clear()).toBe(0);
  expect(readFileSync(join(api.folder, 'vault.db-wal')).includes('CANARY')).toBe(true);
  other.exec('COMMIT');
  other.close();
  await api.restart();
  expect(filesHold('CANARY')).toEqual([]);
});

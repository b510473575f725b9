import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import { type Api, newKey, problemCode, startApi } from '../http/api';
import { fillVault, login } from './temporary-vault';

let api: Api;
let secrets: Awaited<ReturnType<typeof fillVault>>;
let application: { id: string };
beforeEach(async () => {
  api = await startApi();
  secrets = await fillVault(api.vault);
  application = await api.expect(201, 'POST', '/v1/applications', { body: { name: 'payments' } });
});
afterEach(() => api.close());

const grants = () => `/v1/applications/${application.id}/grants`;
const audited = async () =>
  (
    await api.operations.auditEvents.list(
      {
        principal: {
          id: 'x',
          name: 'x',
          scope: 'admin',
          limits: { applications: null, secrets: null, allowEdit: false },
        },
        tokenExpiresAt: null,
        requestId: 'x',
      },
      { limit: 100 },
    )
  ).items.map(({ action, target, name }) => ({ action, target, name }));

test('a deleted record is gone with its grants, their generations and events of each', async () => {
  const uid = secrets.loneRecord;
  await api.expect(201, 'PUT', `${grants()}/${uid}`, { body: { editable: true } });
  expect((await api.call('DELETE', `/v1/vault/records/${uid}`)).status).toBe(204);
  expect((await api.expect(200, 'GET', `/v1/secrets/${uid}`)).kind).toBe('unknown');
  expect(await api.expect(200, 'GET', grants())).toEqual({ items: [] });
  expect(await api.database.db.selectFrom('grant_generations').selectAll().execute()).toEqual([]);
  expect((await audited()).slice(0, 2)).toEqual([
    { action: 'record.delete', target: uid, name: 'Lone' },
    { action: 'grant.delete', target: `${application.id}/${uid}`, name: 'Lone' },
  ]);
  expect(problemCode(await api.call('DELETE', `/v1/vault/records/${uid}`))).toBe('secret_not_found');
});

test('a folder that is not empty is deleted by force alone, with everything inside at any depth', async () => {
  const inner = await api.vault.content.putFolder({ name: 'Deep', parentUid: secrets.subfolder });
  const deep = await api.vault.content.putRecord({ folderUid: inner.folder.uid, data: login('Deep one', 'x') });
  for (const uid of [secrets.folder, deep.record.uid, secrets.otherFolder]) {
    await api.expect(201, 'PUT', `${grants()}/${uid}`, { body: {} });
  }
  const refused = await api.call('DELETE', `/v1/vault/folders/${secrets.folder}`);
  expect(problemCode(refused)).toBe('folder_not_empty');
  expect(refused.json.detail).toContain('"Databases"');
  expect(refused.json.detail).toContain('2 folders and 3 records');
  expect((await api.call('DELETE', `/v1/vault/folders/${secrets.folder}?force=true`)).status).toBe(204);
  expect((await api.expect(200, 'GET', grants())).items.map((grant: { title: string }) => grant.title)).toEqual([
    'Other',
  ]);
  expect((await api.expect(200, 'GET', '/v1/vault/folders')).items.map(({ name }: { name: string }) => name)).toEqual([
    'Other',
  ]);
  expect(
    (await api.expect(200, 'GET', '/v1/vault/records')).items.map(({ title }: { title: string }) => title),
  ).toEqual(['Elsewhere', 'Lone']);
  const events = (await audited()).filter(({ action }) => action.endsWith('.delete'));
  expect(events.map(({ action, name }) => [action, name]).sort()).toEqual([
    ['folder.delete', 'Databases'],
    ['folder.delete', 'Deep'],
    ['folder.delete', 'Production'],
    ['grant.delete', 'Databases'],
    ['grant.delete', 'Deep one'],
    ['record.delete', 'Deep one'],
    ['record.delete', 'In folder'],
    ['record.delete', 'In subfolder'],
  ]);
});

test('an empty folder inside a shared one is deleted without force, and only it', async () => {
  const { folder } = await api.vault.content.putFolder({ name: 'Empty', parentUid: secrets.folder });
  expect((await api.call('DELETE', `/v1/vault/folders/${folder.uid}`)).status).toBe(204);
  expect((await api.expect(200, 'GET', '/v1/vault/folders')).items).toHaveLength(3);
  expect(problemCode(await api.call('DELETE', `/v1/vault/folders/${folder.uid}`))).toBe('secret_not_found');
});

test('nothing of a deleted record is left in the files of the database', async () => {
  const uid = secrets.loneRecord;
  const { record_data } = await api.database.db
    .selectFrom('records')
    .select('record_data')
    .where('uid', '=', uid)
    .executeTakeFirstOrThrow();
  const stored = async () => {
    await sql`PRAGMA wal_checkpoint(TRUNCATE)`.execute(api.database.db);
    return readdirSync(api.folder).some((name) =>
      readFileSync(join(api.folder, name)).includes(record_data.subarray(0, 60)),
    );
  };
  expect(await stored()).toBe(true);
  await api.expect(204, 'DELETE', `/v1/vault/records/${uid}`);
  expect(await stored()).toBe(false);
});

test.each(['folders', 'records'])(
  'what deletes from %s wants a write token without limits, and is answered once',
  async (noun) => {
    const uid = noun === 'folders' ? secrets.otherFolder : secrets.loneRecord;
    const path = `/v1/vault/${noun}/${uid}?force=true`.replace(noun === 'records' ? '?force=true' : '', '');
    const limits = { applications: null, secrets: [uid], allowEdit: true };
    for (const token of [await api.newToken('session'), await api.newToken('write', { name: 'limited', limits })]) {
      expect(problemCode(await api.call('DELETE', path, { token }))).toBe('forbidden');
    }
    const key = newKey();
    const answers = [await api.call('DELETE', path, { key }), await api.call('DELETE', path, { key })];
    expect(answers.map(({ status }) => status)).toEqual([204, 204]);
  },
);

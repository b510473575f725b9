import { closeSync, cpSync, openSync, readFileSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import Libsql from 'libsql';
import { type CheckReport, checkVault } from '../../service/check';
import type { RunningService } from '../../service/main';
import { remoteDevice } from './device-api/remote-device';
import { newRun } from './http/api';
import { ask, start, type Temporary, temporaryFolder } from './running-service';
import { login } from './vault/temporary-vault';

let temporary: Temporary;
let filled: string;
let service: RunningService;

/** One of everything, with a redeemed device, and a second vault of the same kind whose keys are others. */
beforeAll(async () => {
  temporary = temporaryFolder();
  filled = join(temporary.folder, 'filled');
  service = await start(filled);
  const headers = { 'ksm-run': newRun() };
  const post = async (path: string, body: object) => {
    const reply = await ask(service, 'POST', path, { body: JSON.stringify(body), headers });
    expect(reply.status).toBe(201);
    return reply.json;
  };
  const folder = await post('/v1/vault/folders', { name: 'Databases' });
  const inner = await post('/v1/vault/folders', { name: 'Production', parentUid: folder.uid });
  await post('/v1/vault/folders', { name: 'Other' });
  const record = await post('/v1/vault/records', { folderUid: inner.uid, data: login('db', 'canary-1') });
  const lone = await post('/v1/vault/records', { data: login('lone', 'canary-2') });
  const application = await post('/v1/applications', { name: 'payments' });
  await post('/v1/applications', { name: 'other' });
  for (const uid of [folder.uid, record.uid, lone.uid]) {
    const path = `/v1/applications/${application.id}/grants/${uid}`;
    expect((await ask(service, 'PUT', path, { body: '{"editable":false}', headers })).status).toBe(201);
  }
  const device = await post(`/v1/applications/${application.id}/devices`, { name: 'app', ipLock: false });
  expect((await remoteDevice(() => service, device.oneTimeToken).bind()).status).toBe(200);
  await post(`/v1/applications/${application.id}/devices`, { name: 'second' });
  await post(`/v1/applications/${application.id}/devices`, { name: 'third', initialization: 'config', ipLock: false });
  await post(`/v1/applications/${application.id}/gateways`, { name: 'gateway' });
});
afterAll(() => temporary.remove());

test('what a service made is sound, also while it runs, and the check changes no byte', async () => {
  const before = readFileSync(join(filled, 'service.db'));
  const report = await checkVault({ dataDir: filled });
  expect(report).toMatchObject({ sound: true, findings: [], findingsTotal: 0 });
  expect(report.checked).toMatchObject({
    vault_keys: 2,
    applications: 2,
    folders: 3,
    records: 2,
    grants: 3,
    client_devices: 4,
    run_items: expect.any(Number),
    grant_generations: 3,
    principals: 1,
    api_tokens: 1,
    audit_events: expect.any(Number),
  });
  expect(readFileSync(join(filled, 'service.db'))).toEqual(before);
  await service.stop();
  expect(await checkVault({ dataDir: filled })).toEqual(report);
});

/** A copy of the stopped folder in which somebody has done this. */
async function checked(statements: string): Promise<CheckReport> {
  const dataDir = join(temporary.folder, `copy-${Math.random()}`);
  cpSync(filled, dataDir, { recursive: true });
  const connection = new Libsql(join(dataDir, 'service.db'));
  connection.prepare('PRAGMA foreign_keys = OFF').all();
  connection.exec(statements);
  connection.close();
  return checkVault({ dataDir });
}

const REDEEMED = "initialization = 'token' and public_key is not null";

test.each([
  ['a pair of keys', "delete from vault_keys where name = 'owner'", 'vault_keys', 'the key pair is missing'],
  [
    'the server key',
    "update vault_keys set private_key = zeroblob(60) where name = 'server'",
    'vault_keys',
    'does not open',
  ],
  [
    'the public half of another pair',
    "update vault_keys set public_key = (select public_key from vault_keys where name = 'owner') where name = 'server'",
    'vault_keys',
    'not that of the private one',
  ],
  [
    'an application key',
    "update applications set app_key = zeroblob(60) where name = 'payments'",
    'applications',
    'does not open',
  ],
  [
    'the key of another application',
    `update applications set app_key = (select app_key from applications where name = 'other') where name = 'payments'`,
    'applications',
    'does not open with the master key',
  ],
  [
    'a name that devices are not told',
    "update applications set name = 'x', name_key = 'x' where name = 'other'",
    'applications',
    'another name',
  ],
  [
    'a name that is not found',
    "update applications set name_key = 'x' where name = 'other'",
    'applications',
    'not found by its name',
  ],
  ['a folder key', 'update folders set folder_key = zeroblob(60) where parent_uid is null', 'folders', 'does not open'],
  [
    'a folder in another',
    'update folders set shared_folder_uid = uid where parent_uid is not null',
    'folders',
    'not the one that it is in',
  ],
  ['a folder name', 'update folders set folder_data = zeroblob(48)', 'folders', 'its name does not open'],
  ['a sealed name', 'update records set sealed_name = zeroblob(40)', 'records', 'under another title'],
  ['the hash of a name', 'update folders set name_hash = zeroblob(32)', 'folders', 'under another name'],
  [
    'a record key',
    'update records set record_key = zeroblob(60) where folder_uid is null',
    'records',
    'does not open with the master key',
  ],
  [
    'a record key in a folder',
    'update records set record_key = zeroblob(60) where folder_uid is not null',
    'records',
    'that of its shared folder',
  ],
  ['a content', 'update records set record_data = zeroblob(60)', 'records', 'its content does not open'],
  ['a record elsewhere', 'update records set shared_folder_uid = null', 'records', 'not the one that it is in'],
  ['a record that is gone', 'delete from records where folder_uid is null', 'grants', 'there is no sound record'],
  ['a key that devices get', 'update grants set secret_key = zeroblob(60)', 'grants', 'does not open the'],
  [
    'a grant of an inner folder',
    `update grants set kind = 'folder', secret_uid = (select uid from folders where parent_uid is not null) where kind = 'folder'`,
    'grants',
    'inside a shared folder',
  ],
  [
    'an application that does not open',
    'update applications set app_key = zeroblob(60)',
    'grants',
    'no sound application',
  ],
  [
    'a device key',
    `update client_devices set public_key = zeroblob(65) where ${REDEEMED}`,
    'client_devices',
    'no point of the curve',
  ],
  [
    'a configuration without a key',
    "update client_devices set public_key = null where initialization = 'config'",
    'client_devices',
    'its public key is missing',
  ],
  [
    'the key for a device',
    'update client_devices set encrypted_app_key = zeroblob(1)',
    'client_devices',
    'another length',
  ],
  [
    'a bind undone',
    `update client_devices set public_key = null where ${REDEEMED}`,
    'client_devices',
    'without having redeemed',
  ],
  [
    'a bind undone entirely',
    `update client_devices set public_key = null, ip_address = null, first_access_at = null where ${REDEEMED}`,
    'client_devices',
    'and it has not',
  ],
  [
    'a bind that nobody noted',
    "delete from audit_events where action = 'client_device.bind'",
    'client_devices',
    'no audit event says so',
  ],
  [
    'a second bind',
    "insert into audit_events (at, action, outcome, actor, target) select at, action, outcome, actor, target from audit_events where action = 'client_device.bind'",
    'client_devices',
    'redeemed 2 times',
  ],
  [
    'a creation that nobody noted',
    "delete from audit_events where action = 'gateway.create'",
    'client_devices',
    'no audit event says that it was made (gateway.create)',
  ],
  ['a device that is gone', "delete from client_devices where name = 'second'", 'run_items', 'there is none'],
  [
    'a generation of nothing',
    "insert into grant_generations (item_id, generation) values ('x/y', 'z')",
    'grant_generations',
    'there is no grant',
  ],
  [
    'a name in the audit log',
    'update audit_events set sealed_name = zeroblob(40) where sealed_name is not null',
    'audit_events',
    'does not open',
  ],
  ['limits', "update principals set applications = 'payments-*'", 'principals', 'cannot be read'],
  ['a hash', 'update api_tokens set hash = zeroblob(1)', 'api_tokens', 'its hash is none'],
  ['a run that is gone', 'delete from runs', 'service.db', 'refers to a row of runs that there is not'],
])('what is wrong is found: %s', async (_, statements, table, finding) => {
  const report = await checked(statements);
  expect(report.sound).toBe(false);
  expect(report.findings).toContainEqual(expect.objectContaining({ table, finding: expect.stringContaining(finding) }));
});

test('what is dead and not removed yet, or was just removed by force, is no finding', async () => {
  const dataDir = join(temporary.folder, 'ended');
  const ended = await start(dataDir);
  try {
    const run = newRun();
    const headers = { 'ksm-run': run };
    const post = (path: string, body: object) => ask(ended, 'POST', path, { body: JSON.stringify(body), headers });
    const [first, second] = [
      (await post('/v1/applications', { name: 'a' })).json,
      (await post('/v1/applications', { name: 'b' })).json,
    ];
    const folder = (await post('/v1/vault/folders', { name: 'shared' })).json;
    for (const { id } of [first, second]) {
      const granted = await ask(ended, 'PUT', `/v1/applications/${id}/grants/${folder.uid}`, {
        body: '{"editable":true}',
        headers,
      });
      expect(granted.status).toBe(201);
      for (const name of ['x', 'y']) expect((await post(`/v1/applications/${id}/devices`, { name })).status).toBe(201);
    }
    expect((await ask(ended, 'DELETE', `/v1/applications/${second.id}?force=true`, { headers })).status).toBe(204);
    expect((await checkVault({ dataDir })).findings).toEqual([]);
    const settled = await ask(ended, 'POST', `/v1/runs/${run}/settle`, { body: '{"held":[]}' });
    expect(settled.json.revoked.length).toBeGreaterThan(0);
    expect((await checkVault({ dataDir })).findings).toEqual([]);
  } finally {
    await ended.stop();
  }
  expect((await checkVault({ dataDir })).findings).toEqual([]);
});

test('pages that were overwritten are found, and no more is read of such a file', async () => {
  const dataDir = join(temporary.folder, 'overwritten');
  cpSync(filled, dataDir, { recursive: true });
  const file = join(dataDir, 'service.db');
  const descriptor = openSync(file, 'r+');
  writeSync(descriptor, Buffer.alloc(8192, 1), 0, 8192, Math.floor(statSync(file).size / 8192) * 4096);
  closeSync(descriptor);
  const { sound, findings } = await checkVault({ dataDir });
  expect(sound).toBe(false);
  expect(findings[0]).toMatchObject({ table: 'service.db', id: null });
});

test('another key, an older database and a folder without one are refused in words', async () => {
  await expect(checkVault({ dataDir: temporary.folder })).rejects.toMatchObject({ code: 'database_missing' });
  await expect(checked("delete from settings where name = 'master_key_check'")).rejects.toMatchObject({
    code: 'master_key_wrong',
  });
  await expect(
    checked('delete from schema_migrations where version = (select max(version) from schema_migrations)'),
  ).rejects.toMatchObject({
    code: 'database_older',
    message: expect.stringContaining('start the service once'),
  });
});

test('of a service on the real Keeper only what is here is held against itself, and an intent of another key is found', async () => {
  const gone = 'delete from grants; delete from client_devices';
  expect((await checked(gone)).sound).toBe(false);
  const kind = "insert or replace into settings (name, value) values ('vault_kind', cast('commander' as blob))";
  expect(await checked(`${gone}; ${kind}`)).toMatchObject({ sound: true, findings: [] });
  const intent =
    "insert into intents (operation_id, place, mutation, body, started_at, owner_until) values ('x', 'y', 'z', x'00', 1, 1)";
  expect((await checked(`${kind}; ${intent}`)).findings).toEqual([
    { table: 'intents', id: 'x', finding: expect.stringContaining('master key') },
  ]);
});

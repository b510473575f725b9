import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AuditEvent } from '../../../contract/types';
import { AUDIT_ACTIONS } from '../../../service/operations/audit-action';
import { TestDevice } from '../device-api/test-device';
import { type Api, newKey, newRun, startApi } from '../http/api';
import { fillVault } from '../vault/temporary-vault';

let api: Api;
beforeEach(async () => {
  api = await startApi();
});
afterEach(() => api.close());

const short = ({ action, target, name }: AuditEvent) => [action, target, name];

test('every change leaves one event that says what, who, in which run and request; reads and what changes nothing leave none', async () => {
  const { folder } = await fillVault(api.vault);
  const run = newRun();
  const created = await api.call('POST', '/v1/applications', { body: { name: 'payments' }, run });
  const path = `/v1/applications/${created.json.id}`;
  await api.call('POST', '/v1/applications', { body: { name: 'payments' }, run });
  await api.expect(200, 'PATCH', path, { body: { name: 'billing' } });
  await api.expect(201, 'PUT', `${path}/grants/${folder}`, { body: {} });
  await api.expect(200, 'PUT', `${path}/grants/${folder}`, { body: {} });
  await api.expect(200, 'PUT', `${path}/grants/${folder}`, { body: {}, headers: { 'if-none-match': '*' } });
  await api.expect(200, 'PUT', `${path}/grants/${folder}`, { body: { editable: true } });
  const key = newKey();
  const device = await api.expect(201, 'POST', `${path}/devices`, { body: { name: 'd' }, key });
  await api.expect(201, 'POST', `${path}/devices`, { body: { name: 'd' }, key });
  await api.expect(200, 'GET', path);
  await api.call('DELETE', `${path}/devices/${device.clientId}`);
  await api.call('DELETE', `${path}/grants/${folder}`);
  await api.call('DELETE', path);

  const events = (await api.events()).filter(({ action }) => !action.startsWith('api_token')).reverse();
  const grant = `${created.json.id}/${folder}`;
  expect(events.map(short)).toEqual([
    ['application.create', created.json.id, 'payments'],
    ['application.update', created.json.id, 'billing'],
    ['grant.create', grant, 'Databases'],
    ['grant.adopt', grant, 'Databases'],
    ['grant.update', grant, 'Databases'],
    ['client_device.create', device.id, 'd'],
    ['client_device.delete', device.id, 'd'],
    ['grant.delete', grant, 'Databases'],
    ['application.delete', created.json.id, 'billing'],
  ]);
  expect(events[0]).toEqual({
    id: expect.any(Number),
    at: new Date(api.clock.now()).toISOString(),
    action: 'application.create',
    outcome: 'done',
    actor: 'token',
    target: created.json.id,
    name: 'payments',
    principal: 'test write',
    principalId: expect.stringMatching(/^[A-Za-z0-9_-]{22}$/),
    before: null,
    after: null,
    reason: null,
    runId: run,
    requestId: created.headers['x-request-id'],
  });
  expect(events.map(({ before, after }) => [before, after]).slice(1, 5)).toEqual([
    [{ name: 'payments' }, { name: 'billing' }],
    [null, { editable: false }],
    [null, { editable: false }],
    [{ editable: false }, { editable: true }],
  ]);
  expect(events[7]).toMatchObject({ before: { editable: true }, after: null });
});

test('a gateway is made, bound, renamed and revoked in the audit events, by the device and by the token', async () => {
  const { id } = await api.expect(201, 'POST', '/v1/applications', { body: { name: 'payments' } });
  const gateway = await api.expect(201, 'POST', `/v1/applications/${id}/gateways`, { body: { name: 'gw' } });
  const device = await api.expect(201, 'POST', `/v1/applications/${id}/devices`, { body: { name: 'd' } });
  const { deviceApi, vault } = api;
  for (const { oneTimeToken } of [gateway, device]) {
    expect((await new TestDevice(deviceApi, vault, oneTimeToken).bind()).status).toBe(200);
  }
  const path = `/v1/applications/${id}/gateways/${gateway.clientId}`;
  await api.expect(200, 'PATCH', path, { body: { name: 'gateway' } });
  await api.expect(204, 'DELETE', path);
  const events = (await api.events(`?target=${id}`)).reverse();
  expect(events.map((event) => [...short(event), event.actor, event.principal])).toEqual([
    ['application.create', id, 'payments', 'token', 'test write'],
    ['gateway.create', gateway.id, 'gw', 'token', 'test write'],
    ['client_device.create', device.id, 'd', 'token', 'test write'],
    ['gateway.bind', gateway.id, 'gw', 'device', gateway.clientId],
    ['client_device.bind', device.id, 'd', 'device', device.clientId],
    ['gateway.update', gateway.id, 'gateway', 'token', 'test write'],
    ['gateway.delete', gateway.id, 'gateway', 'token', 'test write'],
  ]);
  expect(events[5]).toMatchObject({ before: { name: 'gw' }, after: { name: 'gateway' } });
});

test('what is loaded into the vault is in the audit events by name, and in no file of the database in clear', async () => {
  const folder = await api.expect(201, 'POST', '/v1/vault/folders', { body: { name: 'CANARY-FOLDER' } });
  await api.expect(200, 'POST', '/v1/vault/folders', { body: { uid: folder.uid, name: 'CANARY-RENAMED' } });
  const data = { title: 'CANARY-TITLE', type: 'login', fields: [] };
  const record = await api.expect(201, 'POST', '/v1/vault/records', { body: { data, folderUid: folder.uid } });
  await api.expect(200, 'POST', '/v1/vault/records', { body: { uid: record.uid, data, folderUid: folder.uid } });
  const { id } = await api.expect(201, 'POST', '/v1/applications', { body: { name: 'payments' } });
  await api.expect(201, 'PUT', `/v1/applications/${id}/grants/${folder.uid}`, { body: {} });
  await api.expect(204, 'DELETE', `/v1/applications/${id}?force=true`);
  const events = (await api.events()).filter(({ action }) => /^(folder|record|grant)/.test(action)).reverse();
  expect(events.map(short)).toEqual([
    ['folder.create', folder.uid, 'CANARY-FOLDER'],
    ['folder.update', folder.uid, 'CANARY-RENAMED'],
    ['record.create', record.uid, 'CANARY-TITLE'],
    ['record.update', record.uid, 'CANARY-TITLE'],
    ['grant.create', `${id}/${folder.uid}`, 'CANARY-RENAMED'],
    ['grant.delete', `${id}/${folder.uid}`, null],
  ]);
  const files = Buffer.concat(['vault.db', 'vault.db-wal'].map((name) => readFileSync(join(api.folder, name))));
  expect(files.includes('payments')).toBe(true);
  expect(files.includes('CANARY')).toBe(false);
});

test('everything that goes with an application has an event of its own', async () => {
  const { folder } = await fillVault(api.vault);
  const { id } = await api.expect(201, 'POST', '/v1/applications', { body: { name: 'payments' } });
  const path = `/v1/applications/${id}`;
  await api.expect(201, 'PUT', `${path}/grants/${folder}`, { body: {} });
  const live = await api.expect(201, 'POST', `${path}/devices`, { body: { name: 'live' } });
  const lapsing = await api.expect(201, 'POST', `${path}/devices`, { body: { name: 'l', tokenExpiresInMinutes: 1 } });
  const gateway = await api.expect(201, 'POST', `${path}/gateways`, { body: { name: 'gw' } });
  api.passMinutes(1);
  expect((await api.call('DELETE', path)).json.code).toBe('application_not_empty');
  const before = await api.events();
  await api.expect(204, 'DELETE', `${path}?force=true`);
  const events = (await api.events()).slice(0, -before.length).reverse();
  const reason = 'went with its application';
  expect(events.map(({ action, target, name, reason }) => [action, target, name, reason])).toEqual([
    ['application.delete', id, 'payments', null],
    ['client_device.delete', live.id, 'live', reason],
    ['client_device.delete', lapsing.id, 'l', reason],
    ['gateway.delete', gateway.id, 'gw', reason],
    ['grant.delete', `${id}/${folder}`, null, reason],
  ]);
  expect(new Set(events.map(({ requestId }) => requestId)).size).toBe(1);
});

test.each([
  ['devices', 'device', 'client_device.use'],
  ['gateways', 'gateway', 'gateway.use'],
] as const)('of the %s the first use of a configuration is noted', async (path, kind, action) => {
  const { id } = await api.expect(201, 'POST', '/v1/applications', { body: { name: 'payments' } });
  const made = await api.expect(201, 'POST', `/v1/applications/${id}/${path}`, { body: { name: 'x' } });
  await api.operations.redemptions.used({ applicationId: id, clientId: made.clientId, kind });
  expect(await api.events(`?action=${action}`)).toMatchObject([
    { target: made.id, actor: 'device', principal: made.clientId },
  ]);
});

test('what is revoked because its run was settled without it has an event each', async () => {
  const { id } = await api.expect(201, 'POST', '/v1/applications', { body: { name: 'payments' } });
  const run = newRun();
  const device = await api.expect(201, 'POST', `/v1/applications/${id}/devices`, { body: { name: 'd' }, run });
  const gateway = await api.expect(201, 'POST', `/v1/applications/${id}/gateways`, { body: { name: 'g' }, run });
  await api.expect(200, 'POST', `/v1/runs/${run}/settle`, { body: { held: [] } });
  await api.operations.tick();
  const revoked = async (action: string) => (await api.events(`?action=${action}`)).map(({ target }) => target);
  expect(await revoked('client_device.revoke')).toEqual([device.id]);
  expect(await revoked('gateway.revoke')).toEqual([gateway.id]);
});

test('a token that nobody redeems ends by itself after its run was lost, a gateway’s like a device’s', async () => {
  const { id } = await api.expect(201, 'POST', '/v1/applications', { body: { name: 'payments' } });
  const run = newRun();
  const body = { name: 'x', tokenExpiresInMinutes: 10 };
  const device = await api.expect(201, 'POST', `/v1/applications/${id}/devices`, { body, run });
  const gateway = await api.expect(201, 'POST', `/v1/applications/${id}/gateways`, { body, run });
  api.passMinutes(3);
  await api.operations.tick();
  api.passMinutes(7);
  await api.operations.tick();
  for (const [action, target] of [
    ['client_device.end', device.id],
    ['gateway.end', gateway.id],
  ]) {
    expect(await api.events(`?action=${action}`)).toMatchObject([{ target, actor: 'system', name: 'x' }]);
  }
});

test('a refusal is noted with its reason, the same one once a minute, and no more than a hundred of a principal', async () => {
  const read = await api.newToken('read');
  const { id } = await api.expect(201, 'POST', '/v1/applications', { body: { name: 'payments' } });
  const refuse = (path: string) => api.expect(403, 'DELETE', path, { token: read });
  const refusals = async () => (await api.events('?limit=1000')).filter(({ outcome }) => outcome === 'refused');
  await refuse(`/v1/applications/${id}`);
  await refuse(`/v1/applications/${id}`);
  expect(await refusals()).toMatchObject([
    {
      action: 'application.delete',
      actor: 'token',
      principal: 'test read',
      target: id,
      reason: 'needs the scope "write", and it has "read"',
    },
  ]);
  api.passMinutes(1);
  for (let index = 0; index < 120; index++) {
    await refuse(`/v1/applications/${String(index).padStart(22, 'A')}`);
  }
  expect(await refusals()).toHaveLength(101);
});

test('events are found by their target, principal, action and noun', async () => {
  const { id } = await api.expect(201, 'POST', '/v1/applications', { body: { name: 'a' } });
  const device = await api.expect(201, 'POST', `/v1/applications/${id}/devices`, { body: { name: 'd' } });
  await api.expect(204, 'DELETE', `/v1/applications/${id}/devices/${device.clientId}`);
  const actions = async (query: string) => (await api.events(query)).map(({ action }) => action).reverse();
  expect(await actions(`?target=${device.id}`)).toEqual(['client_device.create', 'client_device.delete']);
  expect(await actions('?action=client_device')).toEqual(['client_device.create', 'client_device.delete']);
  expect(await actions('?action=client_device.delete')).toEqual(['client_device.delete']);
  expect(await actions('?action=client')).toEqual([]);
  expect(await actions(`?principal=${encodeURIComponent('test write')}&action=application`)).toEqual([
    'application.create',
  ]);
  expect(await actions('?principal=nobody')).toEqual([]);
});

test('every action is in a test, and docs/service.md says when each is written', () => {
  const root = join(__dirname, '../../..');
  const tests = readdirSync(join(root, 'test/service'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => readFileSync(join(root, 'test/service', name), 'utf8'))
    .join();
  for (const action of Object.keys(AUDIT_ACTIONS)) {
    expect([action, tests.includes(`'${action}'`)]).toEqual([action, true]);
  }
  const documented = readFileSync(join(root, 'docs/service.md'), 'utf8');
  const rows = [...documented.matchAll(/^\| `([a-z_]+\.[a-z_]+)` \| ([^|]+) \|$/gm)].map(([, action, when]) => [
    action,
    when,
  ]);
  expect(Object.fromEntries(rows)).toEqual(AUDIT_ACTIONS);
});

test('events are paged, newest first', async () => {
  for (let index = 0; index < 5; index++) {
    await api.expect(201, 'POST', '/v1/applications', { body: { name: `a${index}` } });
  }
  const page = async (query: string) =>
    api.call('GET', `/v1/audit-events?action=application&${query}`, { token: await api.admin() });
  const first = (await page('limit=3')).json;
  const second = (await page(`limit=3&cursor=${first.nextCursor}`)).json;
  const names = [...first.items, ...second.items].map(({ name }: { name: string }) => name);
  expect(names).toEqual(['a4', 'a3', 'a2', 'a1', 'a0']);
  expect(second.nextCursor).toBeUndefined();
  expect((await page('cursor=x')).json.errors[0].field).toBe('query/cursor');
});

test('no token, key or password is in the log at any level, in events, metrics or errors', async () => {
  const key = newKey();
  const secret = 'canary-password-in-a-record';
  const { id } = await api.expect(201, 'POST', '/v1/applications', { body: { name: 'payments' }, key: newKey() });
  const device = await api.expect(201, 'POST', `/v1/applications/${id}/devices`, { body: { name: 'd' }, key });
  const reused = await api.call('POST', `/v1/applications/${id}/devices`, { body: { name: 'e' }, key });
  const data = { title: 'x', type: 'login', fields: [{ type: 'password', value: [secret] }] };
  await api.expect(201, 'POST', '/v1/vault/records', { body: { data } });
  const wrong = await api.call('POST', '/v1/vault/records', { body: { data: { ...data, fields: [secret] } } });
  const broken = await api.call('POST', '/v1/vault/records', { body: `{"data": ${secret}` });
  const events = await api.call('GET', '/v1/audit-events', { token: await api.admin() });
  const metrics = await api.call('GET', '/metrics');
  await api.database.close();
  const failed = await api.call('POST', `/v1/applications/${id}/devices`, { body: { name: 'd' }, key: newKey() });
  expect(failed.status).toBe(500);

  const said = [api.log(), ...[reused, wrong, broken, events, metrics, failed].map(({ text }) => text)].join('\n');
  expect(api.log()).toContain('/v1/applications/:applicationId/devices');
  for (const canary of [api.token, key, device.oneTimeToken!, secret]) {
    expect(said).not.toContain(canary);
  }
});

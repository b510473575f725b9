import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Api, embeddedTest, newKey, newRun, problemCode, startApi } from '../http/api';

let api: Api;
let devices: string;
beforeEach(async () => {
  api = await startApi();
  const { id } = await api.expect(201, 'POST', '/v1/applications', { body: { name: 'payments' } });
  devices = `/v1/applications/${id}/devices`;
});
afterEach(() => api.close());

const body = { name: 'runner' };
const count = async () => (await api.expect(200, 'GET', devices)).items.length;

test('the same key gets the same reply again, token included, and makes one device', async () => {
  const key = newKey();
  const first = await api.call('POST', devices, { body, key });
  const second = await api.call('POST', devices, { body, key });
  expect(second.status).toBe(201);
  expect(second.json).toEqual(first.json);
  expect(second.headers.location).toBe(first.headers.location);
  expect(first.headers['idempotency-replayed']).toBeUndefined();
  expect(second.headers['idempotency-replayed']).toBe('true');
  expect(await count()).toBe(1);
});

test('the reply comes again after a restart too', async () => {
  const key = newKey();
  const first = await api.call('POST', devices, { body, key });
  await api.restart();
  expect((await api.call('POST', devices, { body, key })).json).toEqual(first.json);
  expect(await count()).toBe(1);
});

test('of many at once with one key one is made', async () => {
  const key = newKey();
  const answers = await Promise.all(Array.from({ length: 20 }, () => api.call('POST', devices, { body, key })));
  const made = answers.filter(({ status }) => status === 201);
  const busy = answers.filter(({ status }) => status === 409);
  expect(made.length).toBeGreaterThan(0);
  expect(made.length + busy.length).toBe(20);
  expect(new Set(made.map(({ text }) => text)).size).toBe(1);
  expect(await count()).toBe(1);
});

embeddedTest('while a request runs, another with its key is told to ask again', async () => {
  const applicationId = devices.split('/')[3] ?? '';
  const authenticated = await api.operations.apiTokens.authenticate(api.token);
  const caller = { ...authenticated, requestId: 'r', idempotency: { key: newKey(), request: 'the same' } };
  const input = { applicationId, name: 'runner', ipLock: true, tokenExpiresInMinutes: 60, ephemeral: false };
  const running = api.operations.devices.create(caller, input);
  await expect(api.operations.devices.create(caller, input)).rejects.toMatchObject({
    code: 'operation_in_progress',
    facts: { retryAfterSeconds: 1 },
  });
  const { value } = await running;
  expect(await api.operations.devices.create(caller, input)).toEqual({ value, replayed: true });
  expect(await count()).toBe(1);
});

test('a key belongs to its principal, method, path and body', async () => {
  const key = newKey();
  await api.expect(201, 'POST', devices, { body, key });
  const reused = async (method: string, path: string, call: object) =>
    expect(problemCode(await api.call(method, path, { key, ...call }))).toBe('idempotency_key_reused');
  await reused('POST', devices, { body: { name: 'other' } });
  await reused('POST', devices.replace('devices', 'gateways'), { body });
  await reused('POST', devices, { body, token: await api.newToken('write', { name: 'another' }) });
  await reused('DELETE', devices.replace('/devices', '?force=true'), {});
  expect(await count()).toBe(1);
});

test('what failed is tried anew', async () => {
  const key = newKey();
  const nowhere = '/v1/applications/AAAAAAAAAAAAAAAAAAAAAA/devices';
  expect(problemCode(await api.call('POST', nowhere, { body, key }))).toBe('application_not_found');
  expect(problemCode(await api.call('POST', nowhere, { body, key }))).toBe('application_not_found');
});

test('the copy of a reply is kept for 15 minutes', async () => {
  const key = newKey();
  const first = await api.call('POST', devices, { body, key });
  api.passMinutes(14);
  expect((await api.call('POST', devices, { body, key })).json.clientId).toBe(first.json.clientId);
  api.passMinutes(1);
  await api.operations.purge();
  expect(await api.database.db.selectFrom('idempotency').selectAll().execute()).toEqual([]);
  expect((await api.call('POST', devices, { body, key })).json.clientId).not.toBe(first.json.clientId);
});

test('a copy that no purge has reached is not served when its time is over', async () => {
  const key = newKey();
  const first = await api.call('POST', devices, { body, key });
  api.passMinutes(15);
  expect((await api.call('POST', devices, { body, key })).json.clientId).not.toBe(first.json.clientId);
});

test('settling a run drops the copies of its replies', async () => {
  const run = newRun();
  const created = await api.expect(201, 'POST', devices, { body, key: newKey(), run });
  await api.expect(201, 'POST', devices, { body: { name: 'without a run' }, key: newKey() });
  await api.expect(200, 'POST', `/v1/runs/${run}/settle`, { body: { held: [created.id] } });
  const left = await api.database.db.selectFrom('idempotency').select('run_id').execute();
  expect(left).toEqual([{ run_id: null }]);
});

test('every change takes a key and answers the same again', async () => {
  const application = devices.replace('/devices', '');
  for (const [method, path, call] of [
    ['PATCH', application, { body: { name: 'billing' } }],
    ['POST', '/v1/applications', { body: { name: 'another' } }],
    ...(api.remote ? [] : ([['POST', '/v1/vault/folders', { body: { name: 'Shared' } }]] as const)),
    ['POST', application.replace(/$/, '/gateways'), { body: { name: 'gw' } }],
    ['DELETE', `${application}?force=true`, {}],
  ] as const) {
    const key = newKey();
    const first = await api.call(method, path, { ...call, key });
    const second = await api.call(method, path, { ...call, key });
    expect([path, second.status, second.text]).toEqual([path, first.status, first.text]);
    expect(second.headers['idempotency-replayed']).toBe('true');
    expect(first.status).toBeLessThan(300);
  }
});

embeddedTest('neither key nor token nor password is in the files of the database', async () => {
  const key = newKey();
  const { oneTimeToken } = await api.expect(201, 'POST', devices, { body, key });
  const password = 'canary-password-in-a-record';
  const data = { title: 'x', type: 'login', fields: [{ type: 'password', value: [password] }] };
  const recordKey = newKey();
  await api.expect(201, 'POST', '/v1/vault/records', { body: { data }, key: recordKey });
  // The descriptors that this opens are closed again, which drops the POSIX locks of SQLite: nothing writes after it.
  const files = Buffer.concat(['vault.db', 'vault.db-wal'].map((name) => readFileSync(join(api.folder, name))));
  expect(files.includes('runner')).toBe(true);
  for (const secret of [key, recordKey, oneTimeToken, password, api.token]) {
    expect(files.includes(secret)).toBe(false);
    expect(files.includes(Buffer.from(secret, 'base64url'))).toBe(false);
  }
});

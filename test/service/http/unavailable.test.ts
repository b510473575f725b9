import { closeSync, openSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { sql } from 'kysely';
import Libsql from 'libsql';
import { eventually } from '../../support/process';
import { type Answer, type Api, newRun, problemCode, startApi } from './api';

let api: Api;
beforeEach(async () => {
  api = await startApi();
});
afterEach(() => api.close());

const pragma = (text: string) => sql.raw(`PRAGMA ${text}`).execute(api.database.db);
const create = (name: string) => api.call('POST', '/v1/applications', { body: { name } });
const ready = () => api.call('GET', '/readyz', { token: '' });
/** An answer of the disk holds for a second. */
const readyLater = () => {
  api.passMinutes(1);
  return ready();
};

function expectUnavailable(answer: Answer, cause: string): void {
  expect(problemCode(answer)).toBe('vault_unavailable');
  expect(answer.status).toBe(503);
  expect(answer.headers['retry-after']).toBe('5');
  expect(answer.json.detail).toContain(cause);
  expect(api.log()).toContain(answer.json.requestId);
  expect(api.log()).toContain(cause);
}

const WRITES: readonly [method: string, path: string, body?: object][] = [
  ['POST', '/v1/applications', { name: 'x' }],
  ['PATCH', '/v1/applications/ID', { name: 'y' }],
  ['POST', '/v1/applications/ID/devices', { name: 'x' }],
  ['POST', '/v1/applications/ID/gateways', { name: 'x' }],
  ['POST', '/v1/api-tokens', { name: 'x', scope: 'read' }],
  ['POST', '/v1/vault/folders', { name: 'x' }],
  ['PUT', '/v1/runs/RUN', { held: [] }],
  ['DELETE', '/v1/applications/ID?force=true'],
];

test('while nothing can be written each write says that the vault is unavailable and when to ask again', async () => {
  const { id } = (await create('payments')).json;
  const token = await api.newToken('admin');
  const write = ([method, path, body]: (typeof WRITES)[number]) =>
    api.call(method, path.replace('ID', id).replace('RUN', newRun()), { body, token });
  await pragma('query_only = ON');
  for (const call of WRITES) {
    expectUnavailable(
      await write(call),
      'The database may only be read. (SQLITE_READONLY: attempt to write a readonly database)',
    );
  }
  await pragma('query_only = OFF');
  for (const call of WRITES) {
    expect([call, (await write(call)).status < 300]).toEqual([call, true]);
  }
});

test('reads go on while nothing can be written', async () => {
  const { id } = (await create('payments')).json;
  const read = await api.newToken('read');
  await pragma('query_only = ON');
  for (const path of ['/v1/info', '/v1/applications', `/v1/applications/${id}?include=grants,devices,gateways`]) {
    await api.expect(200, 'GET', path, { token: read });
  }
});

test('readiness fails while nothing can be written, counts why, and comes back by itself', async () => {
  expect((await ready()).status).toBe(200);
  await pragma('query_only = ON');
  const failing = await eventually('readiness to fail', async () => {
    const answer = await readyLater();
    return answer.status === 503 && answer;
  });
  expectUnavailable(failing, 'SQLITE_READONLY');
  expect((await api.call('GET', '/healthz', { token: '' })).status).toBe(200);
  expect((await api.call('GET', '/metrics', { token: '' })).text).toMatch(
    /^ksm_iac_database_failures_total\{code="SQLITE_READONLY"\} [1-9]/m,
  );
  await pragma('query_only = OFF');
  await eventually('readiness to come back', async () => (await readyLater()).status === 200);
});

test('a database that is damaged while the service runs is said to be, by requests, readiness and metrics, for good', async () => {
  await create('payments');
  await pragma('wal_checkpoint(TRUNCATE)');
  await pragma('cache_size = 0');
  const file = join(api.folder, 'vault.db');
  const descriptor = openSync(file, 'r+');
  // Behind the first page, which has the list of tables.
  writeSync(descriptor, Buffer.alloc(statSync(file).size - 4_096, 0xff), 0, undefined, 4_096);
  closeSync(descriptor);
  // Whoever has shown a token before is known for a while without a look at the database.
  for (const answer of [await api.call('GET', '/v1/applications'), await create('x')]) {
    expectUnavailable(answer, 'SQLITE_CORRUPT');
  }
  const failing = await eventually('readiness to fail', async () => {
    const answer = await readyLater();
    return answer.status === 503 && answer;
  });
  expect(failing.json.detail).toContain('restore a backup');
  expect((await api.call('GET', '/healthz', { token: '' })).status).toBe(200);
  const { text } = await api.call('GET', '/metrics', { token: '' });
  expect(text).toMatch(/^ksm_iac_database_failures_total\{code="SQLITE_CORRUPT"\} [1-9]/m);
  // What nobody can count just now is not told, and in particular not as 0.
  expect(text).not.toMatch(/^ksm_iac_runs\{/m);
});

test('however often readiness is asked for, the disk is asked once a second', async () => {
  await pragma('query_only = ON');
  await Promise.all(Array.from({ length: 50 }, ready));
  await ready();
  expect(api.database.failures.get('SQLITE_READONLY')).toBeLessThan(10);
});

test('a request that another program makes wait is answered when that lets go, and those that read are not held up', async () => {
  const other = new Libsql(join(api.folder, 'vault.db'));
  other.exec('BEGIN IMMEDIATE');
  const creating = create('payments');
  await delay(100);
  expect((await api.expect(200, 'GET', '/v1/applications')).items).toEqual([]);
  other.exec('ROLLBACK');
  other.close();
  expect((await creating).status).toBe(201);
});

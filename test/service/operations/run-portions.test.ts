import { AsyncLocalStorage } from 'node:async_hooks';
import { DummyDriver, Kysely, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler, sql } from 'kysely';
import { clientIdOf } from '../../../contract/one-time-token';
import { forgetItems } from '../../../service/operations/run-item';
import type { Schema } from '../../../service/store/schema/schema';
import { turnsDuring } from '../../support/turns';
import { type Api, newRun, problemCode, startApi } from '../http/api';
import { fillVault } from '../vault/temporary-vault';

const DEVICES = 5_000;
jest.setTimeout(240_000);

let api: Api;
beforeEach(async () => {
  api = await startApi();
});
afterEach(() => api.close());

/** As if the run had made them all. */
async function makeMany(run: string, applicationId: string): Promise<string> {
  const { db } = api.database;
  const body = { name: 'x' };
  const first = await api.expect(201, 'POST', `/v1/applications/${applicationId}/devices`, { body, run });
  const { position, ...row } = await db.selectFrom('client_devices').selectAll().executeTakeFirstOrThrow();
  const item = await db.selectFrom('run_items').selectAll().where('item_id', '=', first.id).executeTakeFirstOrThrow();
  expect(position).toBe(1);
  await api.database.transaction(async () => {
    for (let start = 1; start < DEVICES; start += 500) {
      const ids = Array.from({ length: Math.min(500, DEVICES - start) }, () =>
        clientIdOf(crypto.getRandomValues(Buffer.alloc(32))),
      );
      await api.database.db
        .insertInto('client_devices')
        .values(ids.map((client_id) => ({ ...row, client_id })))
        .execute();
      const items = ids.map((clientId) => ({ ...item, item_id: `${applicationId}/${clientId}` }));
      await api.database.db.insertInto('run_items').values(items).execute();
    }
  });
  return first.clientId;
}

const countOf = async (table: 'client_devices' | 'run_items') =>
  Number(
    (
      await api.database.db
        .selectFrom(table)
        .select(({ fn }) => fn.countAll().as('count'))
        .executeTakeFirstOrThrow()
    ).count,
  );

test('a settle of thousands answers before anything is removed, and others get their turn while it is', async () => {
  const run = newRun();
  const { id } = await api.expect(201, 'POST', '/v1/applications', { body: { name: 'payments' } });
  const clientId = await makeMany(run, id);
  const settled = await api.expect(200, 'POST', `/v1/runs/${run}/settle`, { body: { held: [] } });
  expect([settled.revokedTotal, settled.revoked.length]).toEqual([DEVICES, 1_000]);
  expect(await countOf('client_devices')).toBe(DEVICES);
  expect((await api.expect(200, 'GET', `/v1/applications/${id}/devices`)).items).toEqual([]);
  expect(problemCode(await api.call('GET', `/v1/applications/${id}/devices/${clientId}`))).toBe('device_not_found');

  let done = false;
  const work = api.operations.tick().then(() => {
    done = true;
  });
  await api.expect(201, 'POST', '/v1/applications', { body: { name: 'meanwhile' } });
  expect(done).toBe(false);
  // Killed half-way, it goes on at the next start.
  await api.operations.close();
  await work;
  const left = await countOf('run_items');
  expect(left).toBeGreaterThan(0);
  await api.restart();
  await api.operations.tick();
  expect([await countOf('client_devices'), await countOf('run_items')]).toEqual([0, 0]);
  const revoked = await api.database.db
    .selectFrom('audit_events')
    .select(['target', 'actor'])
    .where('action', '=', 'client_device.revoke')
    .execute();
  expect(new Set(revoked.map(({ target }) => target)).size).toBe(DEVICES);
  expect(new Set(revoked.map(({ actor }) => actor))).toEqual(new Set(['token', 'system']));
});

test('a deletion of an application with thousands in it is done when it answers; the rows go while others get their turn', async () => {
  const run = newRun();
  const { id } = await api.expect(201, 'POST', '/v1/applications', { body: { name: 'payments' } });
  const clientId = await makeMany(run, id);
  const { folder } = await fillVault(api.vault);
  await api.expect(201, 'PUT', `/v1/applications/${id}/grants/${folder}`, { body: {}, run });
  const refused = await api.call('DELETE', `/v1/applications/${id}`);
  expect([problemCode(refused), refused.json.dependentsTotal]).toEqual(['application_not_empty', DEVICES + 1]);
  await api.expect(204, 'DELETE', `/v1/applications/${id}?force=true`);

  // Nothing is removed yet, and for everybody it is gone.
  expect(await countOf('client_devices')).toBe(DEVICES);
  for (const path of [
    '',
    '/devices',
    `/devices/${clientId}`,
    '/grants',
    `/grants/${folder}`,
    '?include=devices,grants',
  ]) {
    expect(problemCode(await api.call('GET', `/v1/applications/${id}${path}`))).toBe('application_not_found');
  }
  expect(problemCode(await api.call('DELETE', `/v1/applications/${id}?force=true`))).toBe('application_not_found');
  expect((await api.expect(200, 'GET', '/v1/applications')).items).toEqual([]);
  expect((await api.expect(200, 'GET', '/v1/orphans')).items).toEqual([]);
  expect(await api.operations.redemptions.isDead({ applicationId: id, clientId })).toBe(true);
  const again = await api.expect(201, 'POST', '/v1/applications', { body: { name: 'PAYMENTS' } });
  expect(again.id).not.toBe(id);

  let done = false;
  const work = api.operations.tick().then(() => {
    done = true;
  });
  await api.expect(201, 'POST', '/v1/applications', { body: { name: 'meanwhile' } });
  expect(done).toBe(false);
  // Killed half-way, it goes on at the next start.
  await api.operations.close();
  await work;
  expect(await countOf('client_devices')).toBeGreaterThan(0);
  await api.restart();
  await api.operations.tick();
  expect([await countOf('client_devices'), await countOf('run_items')]).toEqual([0, 0]);
  const { db } = api.database;
  expect(await db.selectFrom('ended_applications').selectAll().execute()).toEqual([]);
  expect((await db.selectFrom('applications').select('uid').execute()).map(({ uid }) => uid)).not.toContain(id);
  const events = await db
    .selectFrom('audit_events')
    .select(['action', 'target', 'name', 'principal', 'request_id', 'reason'])
    .where('action', 'like', '%.delete')
    .orderBy('id')
    .execute();
  const [application, ...inside] = events;
  expect(application).toMatchObject({
    action: 'application.delete',
    target: id,
    name: 'payments',
    principal: 'test write',
  });
  expect(new Set(inside.map(({ target }) => target)).size).toBe(DEVICES + 1);
  const of = ({ principal, request_id, reason }: (typeof events)[number]) =>
    JSON.stringify([principal, request_id, reason]);
  expect(new Set(inside.map(of))).toEqual(
    new Set([JSON.stringify(['test write', application!.request_id, 'went with its application'])]),
  );
});

test('to forget what was in an application reads no more than that', async () => {
  const queries: string[] = [];
  const recorder = new Kysely<Schema>({
    dialect: {
      createAdapter: () => new SqliteAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (db) => new SqliteIntrospector(db),
      createQueryCompiler: () => new SqliteQueryCompiler(),
    },
    log({ query }) {
      queries.push(query.sql);
    },
  });
  await forgetItems(recorder, 'AAAAAAAAAAAAAAAAAAAAAA');
  expect(queries).toHaveLength(2);
  for (const query of queries) {
    const literal = query.replaceAll('?', "'x'");
    const plan = await sql<{ detail: string }>`explain query plan ${sql.raw(literal)}`.execute(api.database.db);
    expect(plan.rows.map(({ detail }) => detail).join()).toMatch(/^SEARCH run_items USING .*INDEX/);
  }
});

test('a snapshot and a list of thousands take turns with others, and show one moment', async () => {
  const run = newRun();
  const { id } = await api.expect(201, 'POST', '/v1/applications', { body: { name: 'big' }, run });
  const clientId = await makeMany(run, id);
  for (const [path, member] of [
    [`/v1/applications/${id}?include=grants,devices,gateways`, 'devices'],
    [`/v1/applications/${id}/devices`, 'items'],
  ] as const) {
    const { value, turns } = await turnsDuring(() => api.expect(200, 'GET', path));
    expect(turns).toBeGreaterThan(2 * (DEVICES / 500));
    expect(value[member]).toHaveLength(DEVICES);
    expect(new Set(value[member].map((device: { clientId: string }) => device.clientId)).size).toBe(DEVICES);
    expect(value[member][0]).toEqual({
      ...(await api.expect(200, 'GET', `/v1/applications/${id}/devices/${clientId}`)),
      ...(member === 'devices' && { held: false }),
    });
  }
});

test('what is read as of one moment does not see what others write meanwhile', async () => {
  const run = newRun();
  const { id } = await api.expect(201, 'POST', '/v1/applications', { body: { name: 'big' }, run });
  const clientId = await makeMany(run, id);
  let removed: Promise<unknown> | undefined;
  const count = await api.database.reading(async () => {
    const before = (await api.vault.devices.list(id)).length;
    await outside(async () => {
      removed = api.vault.devices.remove(id, clientId);
      await removed;
    });
    return { before, after: (await api.vault.devices.list(id)).length };
  });
  expect(count).toEqual({ before: DEVICES, after: DEVICES });
  expect(await api.vault.devices.list(id)).toHaveLength(DEVICES - 1);
});

/** Not as a part of what runs now: as another request would. */
function outside<T>(work: () => Promise<T>): Promise<T> {
  return detached(work) as Promise<T>;
}
const detached = AsyncLocalStorage.snapshot();

test('a deletion that is refused, orphans that are revoked and a settle of thousands take turns too', async () => {
  const run = newRun();
  const { id } = await api.expect(201, 'POST', '/v1/applications', { body: { name: 'big' } });
  await makeMany(run, id);
  await api.expect(200, 'POST', `/v1/runs/${run}/settle`, { body: { held: [] } });
  const deleting = await turnsDuring(() => api.call('DELETE', `/v1/applications/${id}`));
  expect(deleting.value.status).toBe(204);
  expect(deleting.turns).toBeGreaterThan(DEVICES / 100);
  const other = await api.expect(201, 'POST', '/v1/applications', { body: { name: 'other' } });
  await api.database.db.deleteFrom('client_devices').execute();
  await api.database.db.deleteFrom('sqlite_sequence' as never).execute();
  const later = newRun();
  await makeMany(later, other.id);
  api.passMinutes(3);
  await api.operations.tick();
  const revoking = await turnsDuring(() => api.expect(200, 'POST', '/v1/orphans/revoke', { body: {} }));
  expect(revoking.value.revokedTotal).toBe(DEVICES);
  expect(revoking.value.revoked).toHaveLength(1_000);
  expect(revoking.turns).toBeGreaterThan(DEVICES / 100);
});

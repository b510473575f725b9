/** A database of version 0.1.0, filled by what that version wrote, opened by this one. */

import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { ensureAdminToken, replaceAdminToken } from '../../../service/host/admin-token';
import { createAuditTrail } from '../../../service/operations/audit-trail';
import { type TokenKeeping, tokenKeeping } from '../../../service/operations/token-keeping';
import { type Database, openDatabase } from '../../../service/store/database';
import { openMasterKey } from '../../../service/store/master-key';
import { migrations } from '../../../service/store/migrations/list';
import { systemClock } from '../../../service/world/clock';

const APPLICATION = 'A'.repeat(22);
const DEVICE = 'd'.repeat(86);
const GATEWAY = 'g'.repeat(86);
const DAY = 86_400_000;

const folder = mkdtempSync(join(tmpdir(), 'ksm-0.1.0-'));
const file = join(folder, 'service.db');
const adminToken = join(folder, 'admin.token');
let database: Database;
let tokens: TokenKeeping;

const textOf = (id: string) => `ksm_iac_${id}`;
const insert = async (old: Database, table: string, rows: readonly object[]) => {
  for (const row of rows)
    await old.db
      .insertInto(table as 'settings')
      .values(row as never)
      .execute();
};

beforeEach(async () => {
  const old = await openDatabase({ file, migrations: migrations.slice(0, 2) });
  const token = (id: string, name: string, scope: string, created_at: number, expires_at: number | null = null) => ({
    ...{ id, name, scope, created_at, expires_at },
    hash: createHash('sha256').update(textOf(id)).digest(),
  });
  await insert(old, 'api_tokens', [
    // In another order than they were made.
    token('ci-read', 'ci', 'read', 4),
    token('first', 'admin', 'write', 1),
    token('ci-new', 'ci', 'write', 3, Date.now() + DAY),
    token('ci-old', 'ci', 'write', 2),
    token('ci-read-2', 'ci', 'read', 5),
    token('elses', 'admin', 'write', 6),
    token('ended', 'ended', 'write', 7, 8),
  ]);
  const run = (id: string, principal_id: string, state: string, revoked: string | null = null) => ({
    ...{ id, principal_id, state, revoked },
    ...{ created_at: 10, expires_at: 20 },
  });
  await insert(old, 'runs', [
    run('settled', 'ci-new', 'settled', `["${APPLICATION}/x"]`),
    run('active', 'ci-new', 'active'),
    run('of-read', 'ci-read-2', 'active'),
    run('of-nobody', 'revoked-token', 'active'),
  ]);
  const item = (item_id: string, kind: string, run_id: string) => ({ item_id, kind, run_id, created_at: 11 });
  await insert(old, 'run_items', [
    item('B'.repeat(22), 'application', 'settled'),
    item(`${'B'.repeat(22)}/secret`, 'grant', 'settled'),
    item(APPLICATION, 'application', 'active'),
    item(`${APPLICATION}/secret`, 'grant', 'active'),
    item(`${APPLICATION}/${DEVICE}`, 'client_device', 'active'),
    item(`${APPLICATION}/${GATEWAY}`, 'gateway', 'active'),
  ]);
  const bytes = Buffer.from('x');
  await insert(old, 'applications', [
    { uid: APPLICATION, name: 'pay', name_key: 'pay', app_key: bytes, app_data: bytes, created_at: 9 },
  ]);
  const client = (client_id: string, kind: string, token_expires_at: number) => ({
    ...{ client_id, kind, token_expires_at, application_uid: APPLICATION, name: kind },
    ...{ ip_lock: 0, encrypted_app_key: bytes, created_at: 11 },
  });
  await insert(old, 'client_devices', [client(DEVICE, 'device', 1000), client(GATEWAY, 'gateway', 2000)]);
  const event = (action: string, target: string, name: string | null, principal: string) => ({
    ...{ action, target, name, principal },
    ...{ at: 30, run_id: 'active', request_id: 'request' },
  });
  await insert(old, 'audit_events', [
    event('application.create', APPLICATION, 'pay', 'ci'),
    event('client_device.bind', `${APPLICATION}/${DEVICE}`, 'device', DEVICE),
    event('gateway.bind', `${APPLICATION}/${GATEWAY}`, 'gateway', GATEWAY),
    event('grant.create', `${APPLICATION}/secret`, 'A title', 'ci'),
    event('grant.delete', `${APPLICATION}/secret`, null, 'ci'),
  ]);
  await old.close();
  writeFileSync(adminToken, `${textOf('first')}\n`);
  database = await openDatabase({ file });
  const masterKey = await openMasterKey({ database, file: join(folder, 'master.key') });
  const auditTrail = createAuditTrail({ database, clock: systemClock, masterKey });
  tokens = tokenKeeping({ database, clock: systemClock, auditTrail });
});
afterEach(async () => {
  await database.close();
  for (const name of ['service.db', 'service.db-wal', 'service.db-shm', 'master.key', 'admin.token']) {
    rmSync(join(folder, name), { force: true });
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

const principals = async () =>
  Object.fromEntries(
    (await database.db.selectFrom('principals').selectAll().execute()).map(({ name, id, scope }) => [
      name,
      `${id} ${scope}`,
    ]),
  );
const whoHas = async (id: string) => {
  const { principal } = await tokens.authenticate(textOf(id));
  return `${principal.name}: ${principal.scope}`;
};

test('tokens of one name and scope become one principal, and those of another scope one each, under a name with their id', async () => {
  expect(await principals()).toEqual({
    admin: 'first write',
    ci: 'ci-old write',
    'ci (ci-read)': 'ci-read read',
    'ci (ci-read-2)': 'ci-read-2 read',
    ended: 'ended write',
  });
  const rows = await database.db.selectFrom('api_tokens').selectAll().orderBy('created_at').execute();
  expect(rows.map(({ id, principal_id, created_at }) => [id, principal_id, created_at])).toEqual([
    ['first', 'first', 1],
    ['ci-old', 'ci-old', 2],
    ['ci-new', 'ci-old', 3],
    ['ci-read', 'ci-read', 4],
    ['ci-read-2', 'ci-read-2', 5],
    ['elses', 'first', 6],
    ['ended', 'ended', 7],
  ]);
  expect(rows.map(({ expires_at }) => expires_at).filter((at) => at !== null)).toEqual([expect.any(Number), 8]);
  expect(await whoHas('ci-new')).toBe('ci: write');
  expect((await tokens.authenticate(textOf('ci-old'))).principal.limits).toEqual({
    applications: null,
    secrets: null,
    allowEdit: false,
  });
  await expect(tokens.authenticate(textOf('ended'))).rejects.toMatchObject({ code: 'unauthenticated' });
  const left = await sql<{ name: string }>`select name from sqlite_schema where name like '%before%'`.execute(
    database.db,
  );
  expect(left.rows).toEqual([]);
  expect((await sql`pragma foreign_key_check`.execute(database.db)).rows).toEqual([]);
});

test('runs belong to the principal of their token, and one of a token that is gone to nobody', async () => {
  const runs = await database.db.selectFrom('runs').selectAll().orderBy('id').execute();
  const facts = { created_at: 10, expires_at: 20, revoked_total: null, ended_at: null };
  expect(runs).toEqual([
    { id: 'active', principal_id: 'ci-old', state: 'active', revoked: null, ...facts },
    { id: 'of-nobody', principal_id: 'revoked-token', state: 'active', revoked: null, ...facts },
    { id: 'of-read', principal_id: 'ci-read-2', state: 'active', revoked: null, ...facts },
    { id: 'settled', principal_id: 'ci-old', state: 'settled', revoked: `["${APPLICATION}/x"]`, ...facts },
  ]);
});

test('applications and grants that a settle of before had left are held, and tokens of a living run end at their time', async () => {
  const items = await database.db.selectFrom('run_items').selectAll().orderBy('kind').execute();
  const facts = { run_id: 'active', created_at: 11, state: 'open', ephemeral: 0, read_elsewhere: 0 };
  expect(items).toEqual([
    { ...facts, item_id: APPLICATION, kind: 'application', initialization: null, ends_at: null },
    { ...facts, item_id: `${APPLICATION}/${DEVICE}`, kind: 'client_device', initialization: 'token', ends_at: 1000 },
    { ...facts, item_id: `${APPLICATION}/${GATEWAY}`, kind: 'gateway', initialization: 'token', ends_at: 2000 },
    { ...facts, item_id: `${APPLICATION}/secret`, kind: 'grant', initialization: null, ends_at: null },
  ]);
});

test('audit events keep all that they said, and those of a bind are the device’s', async () => {
  const rows = await database.db.selectFrom('audit_events').selectAll().orderBy('id').execute();
  const none = { principal_id: null, before: null, after: null, reason: null, sealed_name: null };
  const facts = { ...none, at: 30, outcome: 'done', run_id: 'active', request_id: 'request' };
  const [device, gateway, grant] = [DEVICE, GATEWAY, 'secret'].map((id) => `${APPLICATION}/${id}`);
  expect(rows.map(({ id, ...row }) => row)).toEqual([
    { ...facts, action: 'application.create', target: APPLICATION, name: 'pay', principal: 'ci', actor: 'token' },
    { ...facts, action: 'client_device.bind', target: device, name: 'device', principal: DEVICE, actor: 'device' },
    { ...facts, action: 'gateway.bind', target: gateway, name: 'gateway', principal: GATEWAY, actor: 'device' },
    { ...facts, action: 'grant.create', target: grant, name: 'A title', principal: 'ci', actor: 'token' },
    { ...facts, action: 'grant.delete', target: grant, name: null, principal: 'ci', actor: 'token' },
  ]);
});

test('the first start makes the token in admin.token an admin, and nobody else’s of that name', async () => {
  expect(await ensureAdminToken({ file: adminToken, tokens, database })).toEqual({ usable: true });
  expect(await whoHas('first')).toBe('admin: admin');
  expect(await whoHas('elses')).toMatch(/^admin \(.{22}\): write$/);
  expect(await whoHas('ci-old')).toBe('ci: write');
  // Decided once: another file makes nobody else an admin.
  writeFileSync(adminToken, textOf('elses'));
  expect(await ensureAdminToken({ file: adminToken, tokens, database })).toEqual({ usable: false });
  expect(await whoHas('elses')).toMatch(/: write$/);
});

test.each([
  ['another’s token named admin', textOf('elses'), 'elses', 'first'],
  ['one of another name', textOf('ci-old'), 'ci-old', 'ci-new'],
])('with %s in the file it is that one alone that becomes an admin', async (_what, text, promoted, other) => {
  writeFileSync(adminToken, text);
  expect(await ensureAdminToken({ file: adminToken, tokens, database })).toEqual({ usable: true });
  expect(await whoHas(promoted)).toMatch(/: admin$/);
  expect(await whoHas(other)).toMatch(/: write$/);
});

test.each([
  ['without the file', undefined],
  ['with a file of another service', textOf('unknown')],
  ['with a read token in the file', textOf('ci-read')],
])('%s nobody becomes an admin, and recovering makes one, whose name nobody else keeps', async (_what, text) => {
  rmSync(adminToken);
  if (text !== undefined) writeFileSync(adminToken, text);
  expect(await ensureAdminToken({ file: adminToken, tokens, database })).toEqual({ usable: false });
  expect(existsSync(adminToken)).toBe(text !== undefined);
  expect(Object.values(await principals()).filter((principal) => principal.endsWith(' admin'))).toEqual([]);
  await replaceAdminToken({ file: adminToken, tokens, database });
  expect(await ensureAdminToken({ file: adminToken, tokens, database })).toEqual({ usable: true });
  expect(await whoHas('first')).toBe('admin (first): write');
  expect(await whoHas('elses')).toBe('admin (first): write');
});

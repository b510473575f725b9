/** What a principal must not be able to do: each is refused with its code, noted as refused, and changes nothing. */

import { sql } from 'kysely';
import type { Scope } from '../../../service/operations/caller';
import { type Api, newKey, newRun, problemCode, startApi } from '../http/api';
import { fillVault } from '../vault/temporary-vault';

/** Whom the table is about; all limits are those of one team. */
type Who =
  | 'read'
  | 'session'
  | 'write'
  | 'limited'
  | 'limitedRead'
  | 'limitedSession'
  | 'noEdit'
  | 'secretsOnly'
  | 'shortAdmin';

interface World {
  readonly api: Api;
  readonly tokens: Record<Who, string>;
  /** `pay-1`, in the limits, and `bank`, outside of them; each with a device, a gateway and a grant. */
  readonly own: Place;
  readonly other: Place;
  readonly secrets: { readonly seen: string; readonly hidden: string };
  /** A run of `write`, and an ephemeral device in it. */
  readonly run: string;
  readonly ephemeral: string;
  readonly adminId: string;
}

interface Place {
  readonly id: string;
  readonly path: string;
  readonly device: string;
  readonly gateway: string;
}

let world: World;
beforeAll(async () => {
  world = await build();
});
afterAll(() => world.api.close());

async function build(): Promise<World> {
  const api = await startApi();
  const content = await fillVault(api.vault);
  const secrets = { seen: content.folder, hidden: content.loneRecord };
  const place = async (name: string, secret: string): Promise<Place> => {
    const { id } = await api.expect(201, 'POST', '/v1/applications', { body: { name } });
    const path = `/v1/applications/${id}`;
    await api.expect(201, 'PUT', `${path}/grants/${secret}`, { body: {} });
    const device = await api.expect(201, 'POST', `${path}/devices`, { body: { name: 'd' } });
    const gateway = await api.expect(201, 'POST', `${path}/gateways`, { body: { name: 'g' } });
    return { id, path, device: device.clientId, gateway: gateway.clientId };
  };
  const own = await place('pay-1', secrets.seen);
  await api.expect(201, 'PUT', `${own.path}/grants/${secrets.hidden}`, { body: {} });
  const other = await place('bank', secrets.hidden);
  await place('PAY-2', secrets.hidden);
  const run = newRun();
  const body = { name: 'e', ephemeral: true };
  const ephemeral = (await api.expect(201, 'POST', `${own.path}/devices`, { body, run })).clientId;
  const admin = await api.admin();
  const { items } = await api.expect(200, 'GET', '/v1/api-tokens', { token: admin });
  const applications = ['pay-*'];
  const limited = { applications, secrets: [secrets.seen], allowEdit: true };
  const made = (name: Who, scope: Scope, limits = {}, expiresAt: number | null = null) =>
    api.newToken(scope, {
      name,
      limits: { applications: null, secrets: null, allowEdit: false, ...limits },
      expiresAt,
    });
  const tokens: World['tokens'] = {
    read: await made('read', 'read'),
    session: await made('session', 'session'),
    write: api.token,
    limited: await made('limited', 'write', limited),
    limitedRead: await made('limitedRead', 'read', limited),
    limitedSession: await made('limitedSession', 'session', { applications }),
    noEdit: await made('noEdit', 'write', { ...limited, allowEdit: false }),
    secretsOnly: await made('secretsOnly', 'write', { secrets: [secrets.seen] }),
    shortAdmin: await made('shortAdmin', 'admin', {}, api.clock.now() + 20 * 3_600_000),
  };
  const adminId = items.find(({ scope }: { scope: string }) => scope === 'admin').id;
  return { api, tokens, own, other, secrets, run, ephemeral, adminId };
}

type Attempt = (world: World) => readonly [method: string, path: string, body?: unknown, run?: string];

/** What is tried, by whom, how, with which code it is refused, and of which action the event is. */
const ABUSE: readonly (readonly [what: string, who: Who, attempt: Attempt, code: string, action: string])[] = [
  // More than the scope.
  [
    'make an application to read',
    'read',
    () => ['POST', '/v1/applications', { name: 'pay-9' }],
    'forbidden',
    'application.create',
  ],
  [
    'rename one to read',
    'read',
    ({ own }) => ['PATCH', own.path, { name: 'pay-9' }],
    'forbidden',
    'application.update',
  ],
  ['delete one to read', 'read', ({ own }) => ['DELETE', `${own.path}?force=true`], 'forbidden', 'application.delete'],
  [
    'grant to read',
    'read',
    ({ own, secrets }) => ['PUT', `${own.path}/grants/${secrets.hidden}`, {}],
    'forbidden',
    'grant.put',
  ],
  [
    'take a grant to read',
    'read',
    ({ own, secrets }) => ['DELETE', `${own.path}/grants/${secrets.seen}`],
    'forbidden',
    'grant.delete',
  ],
  [
    'make a device to read',
    'read',
    ({ own }) => ['POST', `${own.path}/devices`, { name: 'x' }],
    'forbidden',
    'client_device.create',
  ],
  [
    'make an ephemeral device to read',
    'read',
    ({ own }) => ['POST', `${own.path}/devices`, { name: 'x', ephemeral: true }, newRun()],
    'forbidden',
    'client_device.create',
  ],
  [
    'revoke a device to read',
    'read',
    ({ own }) => ['DELETE', `${own.path}/devices/${own.device}`],
    'forbidden',
    'client_device.delete',
  ],
  [
    'make a gateway to read',
    'read',
    ({ own }) => ['POST', `${own.path}/gateways`, { name: 'x' }],
    'forbidden',
    'gateway.create',
  ],
  [
    'rename a gateway to read',
    'read',
    ({ own }) => ['PATCH', `${own.path}/gateways/${own.gateway}`, { name: 'x' }],
    'forbidden',
    'gateway.update',
  ],
  [
    'revoke a gateway to read',
    'read',
    ({ own }) => ['DELETE', `${own.path}/gateways/${own.gateway}`],
    'forbidden',
    'gateway.delete',
  ],
  [
    'load a folder to read',
    'read',
    () => ['POST', '/v1/vault/folders', { name: 'x' }],
    'forbidden',
    'vault_content.write',
  ],
  ['revoke orphans to read', 'read', () => ['POST', '/v1/orphans/revoke', {}], 'forbidden', 'orphan.revoke'],
  ['list what is in the vault to read', 'read', () => ['GET', '/v1/vault/records'], 'forbidden', 'vault_content.read'],
  [
    'make a token to read',
    'read',
    () => ['POST', '/v1/api-tokens', { name: 'x', scope: 'read' }],
    'forbidden',
    'api_token.create',
  ],
  [
    'revoke the admin to read',
    'read',
    ({ adminId }) => ['DELETE', `/v1/api-tokens/${adminId}`],
    'forbidden',
    'api_token.delete',
  ],
  [
    'keep a device of a session',
    'session',
    ({ own }) => ['POST', `${own.path}/devices`, { name: 'x' }],
    'forbidden',
    'client_device.create',
  ],
  [
    'revoke another’s device in a session',
    'session',
    ({ own }) => ['DELETE', `${own.path}/devices/${own.device}`],
    'forbidden',
    'client_device.delete',
  ],
  [
    'revoke another’s ephemeral device in a session',
    'session',
    ({ own, ephemeral }) => ['DELETE', `${own.path}/devices/${ephemeral}`],
    'forbidden',
    'client_device.delete',
  ],
  [
    'make a gateway in a session',
    'session',
    ({ own }) => ['POST', `${own.path}/gateways`, { name: 'x' }],
    'forbidden',
    'gateway.create',
  ],
  [
    'grant in a session',
    'session',
    ({ own, secrets }) => ['PUT', `${own.path}/grants/${secrets.hidden}`, {}],
    'forbidden',
    'grant.put',
  ],
  [
    'make a token as write',
    'write',
    () => ['POST', '/v1/api-tokens', { name: 'x', scope: 'write' }],
    'forbidden',
    'api_token.create',
  ],
  [
    'make an admin as write',
    'write',
    () => ['POST', '/v1/api-tokens', { name: 'x', scope: 'admin' }],
    'forbidden',
    'api_token.create',
  ],
  ['list tokens as write', 'write', () => ['GET', '/v1/api-tokens'], 'forbidden', 'api_token.list'],
  [
    'revoke the admin as write',
    'write',
    ({ adminId }) => ['DELETE', `/v1/api-tokens/${adminId}`],
    'forbidden',
    'api_token.delete',
  ],
  ['read the audit events as write', 'write', () => ['GET', '/v1/audit-events'], 'forbidden', 'audit_event.list'],
  // Out of the pattern of applications.
  [
    'make one outside',
    'limited',
    () => ['POST', '/v1/applications', { name: 'bank-2' }],
    'forbidden',
    'application.create',
  ],
  [
    'make one in other letter case',
    'limited',
    () => ['POST', '/v1/applications', { name: 'Pay-9' }],
    'forbidden',
    'application.create',
  ],
  [
    'learn of a hidden one by its name',
    'limited',
    () => ['POST', '/v1/applications', { name: 'pay-2' }],
    'application_exists',
    'application.create',
  ],
  [
    'rename one out',
    'limited',
    ({ own }) => ['PATCH', own.path, { name: 'bank-2' }],
    'forbidden',
    'application.update',
  ],
  [
    'rename one in',
    'limited',
    ({ other }) => ['PATCH', other.path, { name: 'pay-9' }],
    'application_not_found',
    'application.update',
  ],
  [
    'learn of a hidden one by renaming',
    'limited',
    ({ own }) => ['PATCH', own.path, { name: 'pay-2' }],
    'application_exists',
    'application.update',
  ],
  [
    'read a hidden one',
    'limitedRead',
    ({ other }) => ['GET', `${other.path}?include=grants,devices,gateways`],
    'application_not_found',
    'application.read',
  ],
  [
    'delete a hidden one',
    'limited',
    ({ other }) => ['DELETE', `${other.path}?force=true`],
    'application_not_found',
    'application.delete',
  ],
  [
    'list grants of a hidden one',
    'limitedRead',
    ({ other }) => ['GET', `${other.path}/grants`],
    'application_not_found',
    'grant.read',
  ],
  [
    'read a grant of a hidden one',
    'limitedRead',
    ({ other, secrets }) => ['GET', `${other.path}/grants/${secrets.hidden}`],
    'application_not_found',
    'grant.read',
  ],
  [
    'grant to a hidden one',
    'limited',
    ({ other, secrets }) => ['PUT', `${other.path}/grants/${secrets.seen}`, {}],
    'application_not_found',
    'grant.put',
  ],
  [
    'take a grant of a hidden one',
    'limited',
    ({ other, secrets }) => ['DELETE', `${other.path}/grants/${secrets.hidden}`],
    'application_not_found',
    'grant.delete',
  ],
  [
    'list devices of a hidden one',
    'limitedRead',
    ({ other }) => ['GET', `${other.path}/devices`],
    'application_not_found',
    'client_device.read',
  ],
  [
    'read a device of a hidden one',
    'limitedRead',
    ({ other }) => ['GET', `${other.path}/devices/${other.device}`],
    'application_not_found',
    'client_device.read',
  ],
  [
    'make a device in a hidden one',
    'limited',
    ({ other }) => ['POST', `${other.path}/devices`, { name: 'x' }],
    'application_not_found',
    'client_device.create',
  ],
  [
    'make an ephemeral device in a hidden one',
    'limitedSession',
    ({ other }) => ['POST', `${other.path}/devices`, { name: 'x', ephemeral: true }, newRun()],
    'application_not_found',
    'client_device.create',
  ],
  [
    'revoke a device of a hidden one',
    'limited',
    ({ other }) => ['DELETE', `${other.path}/devices/${other.device}`],
    'application_not_found',
    'client_device.delete',
  ],
  [
    'list gateways of a hidden one',
    'limitedRead',
    ({ other }) => ['GET', `${other.path}/gateways`],
    'application_not_found',
    'gateway.read',
  ],
  [
    'make a gateway in a hidden one',
    'limited',
    ({ other }) => ['POST', `${other.path}/gateways`, { name: 'x' }],
    'application_not_found',
    'gateway.create',
  ],
  [
    'rename a gateway of a hidden one',
    'limited',
    ({ other }) => ['PATCH', `${other.path}/gateways/${other.gateway}`, { name: 'x' }],
    'application_not_found',
    'gateway.update',
  ],
  [
    'revoke a gateway of a hidden one',
    'limited',
    ({ other }) => ['DELETE', `${other.path}/gateways/${other.gateway}`],
    'application_not_found',
    'gateway.delete',
  ],
  // More secrets than the limits name.
  [
    'grant oneself another secret',
    'limited',
    ({ own, secrets }) => ['PUT', `${own.path}/grants/${secrets.hidden}`, { editable: true }],
    'forbidden',
    'grant.put',
  ],
  [
    'take another secret away',
    'limited',
    ({ own, secrets }) => ['DELETE', `${own.path}/grants/${secrets.hidden}`],
    'forbidden',
    'grant.delete',
  ],
  [
    'widen a grant without --allow-edit',
    'noEdit',
    ({ own, secrets }) => ['PUT', `${own.path}/grants/${secrets.seen}`, { editable: true }],
    'forbidden',
    'grant.put',
  ],
  [
    'grant another secret with secrets alone',
    'secretsOnly',
    ({ other, secrets }) => ['PUT', `${other.path}/grants/${secrets.hidden}`, { editable: true }],
    'forbidden',
    'grant.put',
  ],
  [
    'load a record within limits',
    'limited',
    () => ['POST', '/v1/vault/records', { data: { title: 'x', type: 'login', fields: [] } }],
    'forbidden',
    'vault_content.write',
  ],
  [
    'list the vault within limits',
    'secretsOnly',
    () => ['GET', '/v1/vault/folders'],
    'forbidden',
    'vault_content.read',
  ],
  ['revoke orphans within limits', 'limited', () => ['POST', '/v1/orphans/revoke', {}], 'forbidden', 'orphan.revoke'],
  // Another principal's run.
  [
    'write in another’s run',
    'limited',
    ({ own, run }) => ['POST', `${own.path}/devices`, { name: 'x' }, run],
    'forbidden',
    'client_device.create',
  ],
  [
    'read in another’s run',
    'limitedRead',
    ({ own, run }) => ['GET', own.path, undefined, run],
    'forbidden',
    'application.read',
  ],
  ['keep another’s run alive', 'read', ({ run }) => ['PUT', `/v1/runs/${run}`, { held: [] }], 'forbidden', 'run.hold'],
  [
    'settle another’s run',
    'session',
    ({ run }) => ['POST', `/v1/runs/${run}/settle`, { held: [] }],
    'forbidden',
    'run.settle',
  ],
  // A token that is worth more than the own one.
  [
    'outlive the own token',
    'shortAdmin',
    () => ['POST', '/v1/api-tokens', { name: 'x', scope: 'admin' }],
    'forbidden',
    'api_token.create',
  ],
  [
    'outlive it by days',
    'shortAdmin',
    () => ['POST', '/v1/api-tokens', { name: 'x', scope: 'read', expiresInDays: 1 }],
    'forbidden',
    'api_token.create',
  ],
  [
    'outlive it by minutes',
    'shortAdmin',
    () => ['POST', '/v1/api-tokens', { name: 'x', scope: 'read', expiresInMinutes: 1_201 }],
    'forbidden',
    'api_token.create',
  ],
];

test('the table has at least 40 rows', () => {
  expect(ABUSE.length).toBeGreaterThanOrEqual(40);
});

test.each(ABUSE)('nobody can %s (%s)', async (_what, who, attempt, code, action) => {
  const { api, tokens } = world;
  // Past the minute in which the same refusal is noted once.
  api.passMinutes(1.01);
  const [method, path, body, run] = attempt(world);
  const before = await state();
  const events = await refusals();
  const answer = await api.call(method, path, {
    token: tokens[who],
    ...(body ? { body } : {}),
    ...(run ? { run } : {}),
  });
  expect(problemCode(answer)).toBe(code);
  expect(answer.json).not.toHaveProperty('existingId');
  expect(answer.text).not.toMatch(/PAY-2|"bank"|Lone/);
  expect(await state()).toEqual(before);
  const noted = (await refusals()).slice(events.length);
  expect(noted).toEqual([
    expect.objectContaining({ action, actor: 'token', principal: who === 'write' ? 'test write' : who }),
  ]);
  expect(noted[0]!.reason).toBeTruthy();
});

/** What others say that they hold of somebody's run, by PUT of a run of their own or by settling it. */
const HELD = (['read', 'session', 'limited', 'limitedRead', 'limitedSession', 'shortAdmin'] as const).flatMap((who) =>
  (['PUT', 'settle'] as const).map((how) => [who, how] as const),
);

test.each(HELD)('what %s says to hold by %s keeps nothing that its own run settles away', async (who, how) => {
  const { api, tokens } = world;
  const run = newRun();
  const { id } = await api.expect(201, 'POST', '/v1/applications', { body: { name: `pay-held-${who}-${how}` }, run });
  const path = `/v1/applications/${id}`;
  const device = await api.expect(201, 'POST', `${path}/devices`, { body: { name: 'd' }, run });
  const gateway = await api.expect(201, 'POST', `${path}/gateways`, { body: { name: 'g' }, run });
  const grant = `${id}/${world.secrets.seen}`;
  await api.expect(201, 'PUT', `${path}/grants/${world.secrets.seen}`, { body: {}, run });
  const made = [id, device.id, gateway.id, grant];
  const own = newRun();
  const token = tokens[who];
  await api.expect(200, 'PUT', `/v1/runs/${own}`, { token, body: { held: how === 'PUT' ? made : [] } });
  if (how === 'settle') await api.expect(200, 'POST', `/v1/runs/${own}/settle`, { token, body: { held: made } });
  const settled = await api.expect(200, 'POST', `/v1/runs/${run}/settle`, { body: { held: [] } });
  expect(settled.revoked.sort()).toEqual(made.sort());
  await api.expect(404, 'GET', path);
  await api.operations.tick();
});

test('ids outside of the limits, unknown ones and those of ephemeral devices have no effect in a held list', async () => {
  const { api, tokens, other, own } = world;
  const run = newRun();
  const body = { name: 'e', ephemeral: true };
  const ephemeral = (await api.expect(201, 'POST', `${own.path}/devices`, { body, run })).id;
  const lost = newRun();
  const device = await api.expect(201, 'POST', `${other.path}/devices`, { body: { name: 'unsure' }, run: lost });
  const gone = await api.expect(201, 'POST', `${other.path}/devices`, { body: { name: 'gone' }, run: lost });
  await api.expect(200, 'POST', `/v1/runs/${lost}/settle`, { body: { held: [device.id, gone.id], lost: true } });
  await api.operations.tick();
  const known = [device.id, gone.id, ephemeral];
  const items = () => api.database.db.selectFrom('run_items').selectAll().where('item_id', 'in', known).execute();
  const before = await items();
  expect(before.map(({ item_id }) => item_id)).toEqual(expect.arrayContaining([device.id, ephemeral]));
  const unknown = ['A'.repeat(22), `${'A'.repeat(22)}/${'B'.repeat(86)}`, `${own.id}/${'C'.repeat(22)}`];
  const held = [...known, ...unknown];
  for (const token of [tokens.limited, tokens.limitedRead, tokens.limitedSession]) {
    const mine = newRun();
    await api.expect(200, 'PUT', `/v1/runs/${mine}`, { token, body: { held } });
    expect((await api.expect(200, 'POST', `/v1/runs/${mine}/settle`, { token, body: { held } })).revoked).toEqual([]);
  }
  expect(await items()).toEqual(before);
  // The same principal's later run, without limits, has them from its state; the ephemeral one is never held.
  await api.expect(200, 'PUT', `/v1/runs/${newRun()}`, { body: { held } });
  expect((await items()).map(({ item_id }) => item_id)).toEqual([ephemeral]);
  expect((await api.expect(200, 'PUT', `/v1/runs/${run}`, { body: { held: [] } })).state).toBe('active');
});

test('what is hidden is in no list, and its titles are in no grant', async () => {
  const { api, tokens, own, secrets } = world;
  const token = tokens.limitedRead;
  const list = async (path: string) => (await api.expect(200, 'GET', path, { token })).items;
  expect((await list('/v1/applications')).map(({ name }: { name: string }) => name)).toEqual(['pay-1']);
  expect(await list('/v1/applications?name=bank')).toEqual([]);
  expect((await list('/v1/secrets')).map(({ uid }: { uid: string }) => uid)).toEqual([secrets.seen]);
  expect((await list('/v1/shared-folders')).map(({ uid }: { uid: string }) => uid)).toEqual([secrets.seen]);
  const unknown = { uid: secrets.hidden, kind: 'unknown', folderKind: null, name: null, path: null };
  expect(await api.expect(200, 'GET', `/v1/secrets/${secrets.hidden}`, { token })).toEqual(unknown);
  const titles = ['Databases', null];
  expect((await list(`${own.path}/grants`)).map(({ title }: { title: string }) => title)).toEqual(titles);
  const { grants } = await api.expect(200, 'GET', `${own.path}?include=grants`, { token });
  expect(grants.map(({ title }: { title: string }) => title)).toEqual(titles);
  expect(await api.expect(200, 'GET', `${own.path}/grants/${secrets.hidden}`, { token })).toMatchObject({
    title: null,
  });
  const refused = await api.call('DELETE', own.path, { token: tokens.limited });
  expect(problemCode(refused)).toBe('application_not_empty');
  expect(refused.text).not.toContain('Lone');
});

test('a hidden application and one that is not there look the same', async () => {
  const { api, tokens, other } = world;
  const token = tokens.limitedRead;
  const missing = 'A'.repeat(22);
  const words = async (id: string) => {
    const { status, json } = await api.call('GET', `/v1/applications/${id}`, { token });
    return { status, ...json, detail: json.detail.replaceAll(id, 'ID'), requestId: null };
  };
  expect(await words(other.id)).toEqual(await words(missing));
});

test('a replay copy answers its own principal alone', async () => {
  const { api, tokens, own } = world;
  const call = { key: newKey(), body: { name: 'x' } };
  const device = await api.expect(201, 'POST', `${own.path}/devices`, call);
  const answer = await api.call('POST', `${own.path}/devices`, { ...call, token: tokens.limited });
  expect(problemCode(answer)).toBe('idempotency_key_reused');
  expect(answer.text).not.toContain(device.oneTimeToken);
});

/** Everything that an attempt could change. */
async function state(): Promise<unknown> {
  const { db } = world.api.database;
  const tables = ['applications', 'grants', 'client_devices', 'folders', 'records', 'api_tokens', 'principals'];
  const rows = [];
  for (const table of [...tables, 'run_items', 'idempotency', 'grant_generations']) {
    rows.push([table, (await sql`select * from ${sql.table(table)}`.execute(db)).rows]);
  }
  const runs = await db.selectFrom('runs').select(['id', 'principal_id', 'state', 'expires_at']).execute();
  return [...rows, ['runs', runs]];
}

const refusals = () =>
  world.api.database.db
    .selectFrom('audit_events')
    .select(['action', 'actor', 'principal', 'target', 'reason'])
    .where('outcome', '=', 'refused')
    .orderBy('id')
    .execute();

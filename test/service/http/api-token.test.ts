import type { ApiTokenCreate } from '../../../contract/types';
import { type Api, newKey, problemCode, startApi } from './api';

const DAY_MINUTES = 24 * 60;
const UNLIMITED = { applications: null, secrets: null, allowEdit: false };

let api: Api;
let admin: string;
beforeEach(async () => {
  api = await startApi();
  admin = await api.admin();
});
afterEach(() => api.close());

const make = (body: ApiTokenCreate) => api.expect(201, 'POST', '/v1/api-tokens', { token: admin, body });

test('a token is made, works as its scope says, is listed without its text, and is refused once revoked', async () => {
  const made = await make({ name: 'CI “prod” 🔐', scope: 'read' });
  expect(made).toEqual({
    id: expect.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9_-]{21}$/),
    name: 'CI “prod” 🔐',
    principalId: expect.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9_-]{21}$/),
    scope: 'read',
    ...UNLIMITED,
    createdAt: new Date(api.clock.now()).toISOString(),
    expiresAt: null,
    token: expect.stringMatching(/^ksm_iac_[A-Za-z0-9_-]{43}$/),
  });
  const { token, ...known } = made;
  await api.expect(200, 'GET', '/v1/info', { token });
  const change = { token, body: { name: 'x' } };
  expect(problemCode(await api.call('POST', '/v1/applications', change))).toBe('forbidden');

  const list = await api.call('GET', '/v1/api-tokens', { token: admin });
  expect(list.json.items).toContainEqual(known);
  expect(list.text).not.toContain(token);

  const path = `/v1/api-tokens/${made.id}`;
  await api.expect(204, 'DELETE', path, { token: admin });
  expect(problemCode(await api.call('GET', '/v1/info', { token }))).toBe('unauthenticated');
  expect(problemCode(await api.call('DELETE', path, { token: admin }))).toBe('api_token_not_found');
});

test.each([
  [{ expiresInDays: 90 }, 90 * DAY_MINUTES],
  [{ expiresInMinutes: 30 }, 30],
])('with %j a token ends after %d minutes', async (life, minutes) => {
  const { token, createdAt, expiresAt } = await make({ name: 'ci', scope: 'write', ...life });
  expect(Date.parse(expiresAt) - Date.parse(createdAt)).toBe(minutes * 60_000);
  api.passMinutes(minutes - 1);
  await api.expect(200, 'GET', '/v1/info', { token });
  api.passMinutes(1);
  expect(problemCode(await api.call('GET', '/v1/info', { token }))).toBe('unauthenticated');
});

test('a refusal names the narrowest thing that would do it, not a token without limits', async () => {
  const secrets = ['A'.repeat(22)];
  const { token } = await make({ name: 'pay', scope: 'write', applications: ['pay-*'], secrets });
  const { token: reader } = await make({ name: 'plan', scope: 'read' });
  const { id } = await api.expect(201, 'POST', '/v1/applications', { body: { name: 'pay-1' } });
  const grant = (uid: string) => `/v1/applications/${id}/grants/${uid}`;
  const refused = async (as: string, method: 'POST' | 'PUT' | 'GET', path: string, body?: object) => {
    const reply = await api.call(method, path, { token: as, body });
    expect(problemCode(reply)).toBe('forbidden');
    return reply.json.detail as string;
  };
  expect(await refused(reader, 'POST', '/v1/applications', { name: 'x' })).toMatch(
    /token create --name NAME --scope write\.$/,
  );
  expect(await refused(token, 'POST', '/v1/applications', { name: 'x' })).toMatch(
    /Use a token whose --applications have that name\.$/,
  );
  expect(await refused(token, 'PUT', grant('B'.repeat(22)), { editable: false })).toMatch(/whose --secrets have it\.$/);
  expect(await refused(token, 'PUT', grant(secrets[0]!), { editable: true })).toMatch(/made with --allow-edit\.$/);
});

test('a principal has several tokens of one scope and the same limits, and no other', async () => {
  const limits = { applications: ['pay-*', 'bill-*'], secrets: ['A'.repeat(22), 'B'.repeat(22)] };
  const first = await make({ name: 'ci', scope: 'write', ...limits });
  const second = await make({
    name: 'ci',
    scope: 'write',
    applications: ['bill-*', 'pay-*', 'pay-*'],
    secrets: ['B'.repeat(22), 'A'.repeat(22)],
    expiresInMinutes: 5,
  });
  expect(second.principalId).toBe(first.principalId);
  expect(second.id).not.toBe(first.id);
  for (const other of [
    { scope: 'read' },
    { scope: 'write', ...limits, applications: ['pay-*'] },
    { scope: 'write', ...limits, secrets: ['A'.repeat(22)] },
    { scope: 'write', ...limits, allowEdit: true },
    { scope: 'write' },
  ]) {
    const answer = await api.call('POST', '/v1/api-tokens', { token: admin, body: { name: 'ci', ...other } });
    expect(problemCode(answer)).toBe('principal_exists');
  }
});

test('a principal without a token that works takes another scope and other limits, and stays itself', async () => {
  const first = await make({ name: 'ci', scope: 'write', expiresInMinutes: 5 });
  const second = await make({ name: 'ci', scope: 'write' });
  await api.expect(204, 'DELETE', `/v1/api-tokens/${second.id}`, { token: admin });
  api.passMinutes(5);
  const third = await make({ name: 'ci', scope: 'read', applications: ['pay-*'] });
  expect(third).toMatchObject({ principalId: first.principalId, scope: 'read', applications: ['pay-*'] });
  const { items } = await api.expect(200, 'GET', '/v1/api-tokens', { token: admin });
  expect(items.filter(({ name }: { name: string }) => name === 'ci').map(({ id }: { id: string }) => id)).toEqual([
    third.id,
  ]);
});

test('tokens that ended are listed for a month, and dropped then', async () => {
  const { id } = await make({ name: 'job', scope: 'read', expiresInMinutes: 1 });
  const ids = async () => {
    const { items } = await api.expect(200, 'GET', '/v1/api-tokens', { token: admin });
    return items.map((token: { id: string }) => token.id);
  };
  api.passMinutes(30 * DAY_MINUTES);
  await api.operations.purge();
  expect(await ids()).toContain(id);
  api.passMinutes(1);
  await api.operations.purge();
  expect(await ids()).not.toContain(id);
  expect(await ids()).not.toHaveLength(0);
});

test.each(['read', 'session', 'write'] as const)(
  'with the scope %s nobody makes, lists or revokes tokens, not even before there is a body',
  async (scope) => {
    const token = await api.newToken(scope);
    for (const [method, path] of [
      ['POST', '/v1/api-tokens'],
      ['GET', '/v1/api-tokens'],
      ['DELETE', `/v1/api-tokens/${'A'.repeat(22)}`],
    ] as const) {
      const answer = await api.call(method, path, { token, ...(method === 'POST' ? { body: '{"name":' } : {}) });
      expect(problemCode(answer)).toBe('forbidden');
    }
  },
);

test('nobody makes a token that outlives the own one', async () => {
  const { token } = await make({ name: 'short', scope: 'admin', expiresInDays: 1 });
  const attempt = (life: object) =>
    api.call('POST', '/v1/api-tokens', { token, body: { name: 'x', scope: 'read', ...life } });
  expect(problemCode(await attempt({}))).toBe('forbidden');
  expect(problemCode(await attempt({ expiresInDays: 2 }))).toBe('forbidden');
  expect(problemCode(await attempt({ expiresInMinutes: DAY_MINUTES + 1 }))).toBe('forbidden');
  expect((await attempt({ expiresInDays: 1 })).status).toBe(201);
});

test('an admin may revoke every token, the own and last one, too', async () => {
  const { items } = await api.expect(200, 'GET', '/v1/api-tokens', { token: admin });
  const own = items.find(({ scope }: { scope: string }) => scope === 'admin');
  await api.expect(204, 'DELETE', `/v1/api-tokens/${own.id}`, { token: admin });
  expect(problemCode(await api.call('GET', '/v1/api-tokens', { token: admin }))).toBe('unauthenticated');
});

const SECRET = 'A'.repeat(22);
test.each([
  [{ scope: 'read' }, '/name'],
  [{ name: '', scope: 'read' }, '/name'],
  [{ name: 'x' }, '/scope'],
  [{ name: 'x', scope: 'owner' }, '/scope'],
  [{ name: 'x', scope: 'admin', applications: ['a'] }, '/scope'],
  [{ name: 'x', scope: 'admin', secrets: [SECRET] }, '/scope'],
  [{ name: 'x', scope: 'read', expiresInDays: 0 }, '/expiresInDays'],
  [{ name: 'x', scope: 'read', expiresInDays: 1.5 }, '/expiresInDays'],
  [{ name: 'x', scope: 'read', expiresInMinutes: 0 }, '/expiresInMinutes'],
  [{ name: 'x', scope: 'read', expiresInMinutes: 30, expiresInDays: 1 }, '/expiresInMinutes'],
  [{ name: 'x', scope: 'read', applications: [] }, '/applications'],
  [{ name: 'x', scope: 'read', secrets: [] }, '/secrets'],
  [{ name: 'x', scope: 'write', applications: ['payments-*'] }, '/secrets'],
  [{ name: 'x', scope: 'write', allowEdit: true }, '/allowEdit'],
  [{ name: 'x', scope: 'read', owner: 'me' }, '/owner'],
])('%j is refused by its field %s', async (body, field) => {
  const answer = await api.call('POST', '/v1/api-tokens', { token: admin, body });
  expect(problemCode(answer)).toBe('invalid_request');
  expect(answer.json.errors.map((error: { field: string }) => error.field)).toEqual([field]);
});

test('a repeated creation makes one token; its text is in no audit event and no log', async () => {
  const call = { token: admin, key: newKey(), body: { name: 'ci', scope: 'write', expiresInMinutes: 5 } };
  const first = await api.expect(201, 'POST', '/v1/api-tokens', call);
  expect(await api.expect(201, 'POST', '/v1/api-tokens', call)).toEqual(first);
  await api.expect(204, 'DELETE', `/v1/api-tokens/${first.id}`, { token: admin });
  const events = (await api.events()).filter(({ name }) => name === 'ci');
  const facts = { scope: 'write', ...UNLIMITED, expiresAt: first.expiresAt };
  expect(events).toMatchObject([
    { action: 'api_token.delete', target: first.id, principal: 'test admin', before: facts, after: null },
    { action: 'api_token.create', target: first.id, principal: 'test admin', before: null, after: facts },
  ]);
  expect(JSON.stringify(events) + api.log()).not.toContain(first.token);
});

test('the list is paged', async () => {
  for (const name of ['a', 'b', 'c']) await make({ name, scope: 'read' });
  const list = (query: string) => api.expect(200, 'GET', `/v1/api-tokens${query}`, { token: admin });
  const all = (await list('')).items;
  const first = await list('?limit=3');
  const rest = await list(`?limit=3&cursor=${first.nextCursor}`);
  expect([...first.items, ...rest.items]).toEqual(all);
  expect(rest.nextCursor).toBeUndefined();
});

import { type Api, newKey, problemCode, startApi } from './api';

const DAY_MINUTES = 24 * 60;

let api: Api;
beforeEach(async () => {
  api = await startApi();
});
afterEach(() => api.close());

test('a token is made, works as its scope says, is listed without its text, and is refused once revoked', async () => {
  const made = await api.expect(201, 'POST', '/v1/api-tokens', { body: { name: 'CI “prod” 🔐', scope: 'read' } });
  expect(made).toEqual({
    id: expect.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9_-]{21}$/),
    name: 'CI “prod” 🔐',
    scope: 'read',
    createdAt: new Date(api.clock.now()).toISOString(),
    expiresAt: null,
    token: expect.stringMatching(/^ksm_iac_[A-Za-z0-9_-]{43}$/),
  });
  const { token, ...known } = made;
  await api.expect(200, 'GET', '/v1/info', { token });
  const change = { token, body: { name: 'x' } };
  expect(problemCode(await api.call('POST', '/v1/applications', change))).toBe('forbidden');

  const list = await api.call('GET', '/v1/api-tokens');
  expect(list.json.items).toContainEqual(known);
  expect(list.text).not.toContain(token);

  await api.expect(204, 'DELETE', `/v1/api-tokens/${made.id}`);
  expect(problemCode(await api.call('GET', '/v1/info', { token }))).toBe('unauthenticated');
  expect(problemCode(await api.call('DELETE', `/v1/api-tokens/${made.id}`))).toBe('api_token_not_found');
});

test('a token ends after the days it was given', async () => {
  const body = { name: 'ci', scope: 'write', expiresInDays: 90 };
  const { token, createdAt, expiresAt } = await api.expect(201, 'POST', '/v1/api-tokens', { body });
  expect(Date.parse(expiresAt) - Date.parse(createdAt)).toBe(90 * DAY_MINUTES * 60_000);
  api.passMinutes(90 * DAY_MINUTES - 1);
  await api.expect(200, 'GET', '/v1/info', { token });
  api.passMinutes(1);
  expect(problemCode(await api.call('GET', '/v1/info', { token }))).toBe('unauthenticated');
});

test.each(['read', 'session'] as const)('with the scope %s nobody makes, lists or revokes tokens', async (scope) => {
  const token = await api.newToken(scope);
  const body = { name: 'more', scope: 'write' };
  for (const [method, path] of [
    ['POST', '/v1/api-tokens'],
    ['GET', '/v1/api-tokens'],
    ['DELETE', `/v1/api-tokens/${'A'.repeat(22)}`],
  ] as const) {
    const answer = await api.call(method, path, { token, ...(method === 'POST' ? { body } : {}) });
    expect(problemCode(answer)).toBe('forbidden');
  }
});

test.each([
  [{ scope: 'read' }, '/name'],
  [{ name: '', scope: 'read' }, '/name'],
  [{ name: 'x' }, '/scope'],
  [{ name: 'x', scope: 'admin' }, '/scope'],
  [{ name: 'x', scope: 'read', expiresInDays: 0 }, '/expiresInDays'],
  [{ name: 'x', scope: 'read', expiresInDays: 1.5 }, '/expiresInDays'],
  [{ name: 'x', scope: 'read', applications: ['payments-*'] }, '/applications'],
])('%j is refused by its field %s', async (body, field) => {
  const answer = await api.call('POST', '/v1/api-tokens', { body });
  expect(problemCode(answer)).toBe('invalid_request');
  expect(answer.json.errors.map((error: { field: string }) => error.field)).toEqual([field]);
});

test('a repeated creation makes one token; its text is in no audit event and no log', async () => {
  const call = { key: newKey(), body: { name: 'ci', scope: 'write' } };
  const first = await api.expect(201, 'POST', '/v1/api-tokens', call);
  expect(await api.expect(201, 'POST', '/v1/api-tokens', call)).toEqual(first);
  await api.expect(204, 'DELETE', `/v1/api-tokens/${first.id}`);
  const events = await api.call('GET', '/v1/audit-events');
  expect(events.json.items.map(({ action, target, name }: Record<string, string>) => [action, target, name])).toEqual([
    ['api_token.delete', first.id, 'ci'],
    ['api_token.create', first.id, 'ci'],
  ]);
  expect(events.text + api.log()).not.toContain(first.token);
});

test('the list is paged', async () => {
  for (const name of ['a', 'b', 'c']) {
    await api.expect(201, 'POST', '/v1/api-tokens', { body: { name, scope: 'read' } });
  }
  const all = (await api.expect(200, 'GET', '/v1/api-tokens')).items;
  const first = await api.expect(200, 'GET', '/v1/api-tokens?limit=3');
  const rest = await api.expect(200, 'GET', `/v1/api-tokens?limit=3&cursor=${first.nextCursor}`);
  expect([...first.items, ...rest.items]).toEqual(all);
  expect(rest.nextCursor).toBeUndefined();
});

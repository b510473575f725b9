import { type Api, newRun, problemCode, startApi } from './api';

let api: Api;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

test.each([
  ['no header', {}],
  ['another scheme', { authorization: 'Basic YTpi' }],
  ['an empty token', { authorization: 'Bearer ' }],
  ['an unknown token', { authorization: `Bearer ksm_iac_${'A'.repeat(43)}` }],
  ['two tokens', { authorization: 'Bearer one two' }],
])('%s is not authenticated', async (_what, headers) => {
  const reply = await api.call('GET', '/v1/info', { token: '', headers: headers as Record<string, string> });
  expect(problemCode(reply)).toBe('unauthenticated');
  expect(reply.headers['www-authenticate']).toBe('Bearer');
  expect(reply.text).not.toContain('AAAA');
});

test('a body is not read for somebody without a token', async () => {
  const answer = await api.call('POST', '/v1/applications', { token: '', body: '{"name":' });
  expect(problemCode(answer)).toBe('unauthenticated');
});

test('a token ends when it expires', async () => {
  const token = await api.newToken('read', { expiresAt: api.clock.now() + 60_000 });
  await api.expect(200, 'GET', '/v1/info', { token });
  api.passMinutes(1);
  expect(problemCode(await api.call('GET', '/v1/info', { token }))).toBe('unauthenticated');
});

test.each(['read', 'session'] as const)('the scope %s reads, and changes nothing but its own runs', async (scope) => {
  const token = await api.newToken(scope);
  const { id } = await api.expect(201, 'POST', '/v1/applications', { body: { name: `for ${scope}` } });
  const path = `/v1/applications/${id}`;
  await api.expect(200, 'GET', path, { token });
  for (const [method, url, body] of [
    ['POST', '/v1/applications', { name: 'x' }],
    ['PATCH', path, { name: 'x' }],
    ['DELETE', path, undefined],
    ['POST', `${path}/devices`, { name: 'x' }],
    ['POST', `${path}/gateways`, { name: 'x' }],
    ['PUT', `${path}/grants/AAAAAAAAAAAAAAAAAAAAAA`, {}],
    ['DELETE', `${path}/grants/AAAAAAAAAAAAAAAAAAAAAA`, undefined],
    ['POST', '/v1/vault/folders', { name: 'x' }],
  ] as const) {
    const answer = await api.call(method, url, { token, body });
    expect([method, url, problemCode(answer)]).toEqual([method, url, 'forbidden']);
  }
  const run = newRun();
  await api.expect(200, 'PUT', `/v1/runs/${run}`, { token, body: { held: [] } });
  await api.expect(200, 'POST', `/v1/runs/${run}/settle`, { token, body: { held: [] } });
});

test('the service tells what it is', async () => {
  expect(await api.expect(200, 'GET', '/v1/info')).toMatchObject({
    apiVersion: '1',
    version: '1.2.3',
    vault: { kind: 'embedded' },
    features: [
      'initialization.token',
      'initialization.config',
      'seal',
      'ephemeral-devices',
      'vault.content',
      'device-api',
    ],
    deviceApi: api.vault.deviceApi(),
  });
});

test('OpenAPI describes every route with the problem that each may answer', async () => {
  const document = (await api.call('GET', '/openapi.json', { token: '' })).json;
  expect(Object.keys(document.paths)).toContain('/v1/applications/{applicationId}/grants/{secretUid}');
  for (const operations of Object.values<Record<string, { operationId: string; responses: object }>>(document.paths)) {
    for (const { operationId, responses } of Object.values(operations)) {
      expect(operationId).toMatch(/^[a-z]+[A-Za-z]+$/);
      expect(responses).toHaveProperty('default.content');
    }
  }
  expect(document.components.schemas.Problem.required).toContain('code');
});

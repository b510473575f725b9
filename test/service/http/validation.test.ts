import fc from 'fast-check';
import { type Api, problemCode, startApi } from './api';

let api: Api;
let application: string;
beforeAll(async () => {
  api = await startApi();
  const { id } = await api.expect(201, 'POST', '/v1/applications', { body: { name: 'payments' } });
  application = `/v1/applications/${id}`;
});
afterAll(() => api.close());

test('an invalid field is named with the value received and what is expected', async () => {
  const body = { name: 5, ipLock: 'true', tokenExpiresInMinutes: 1441, color: 'red' };
  const answer = await api.call('POST', `${application}/devices`, { body });
  expect(problemCode(answer)).toBe('invalid_request');
  const messages = new Map(answer.json.errors.map((e: { field: string; message: string }) => [e.field, e.message]));
  expect(messages.get('/name')).toBe(
    'is 5; expected a string: 1 to 255 characters without control characters; anything else round-trips unchanged',
  );
  expect(messages.get('/ipLock')).toMatch(/^is "true"; expected a boolean/);
  expect(messages.get('/tokenExpiresInMinutes')).toMatch(/^is 1441; expected an integer from 1 to 1440/);
  expect(messages.get('/color')).toMatch(/^is not known here; expected one of: name, ipLock/);
  expect(messages.size).toBe(4);
});

test('a missing field and a missing body are named', async () => {
  const missing = await api.call('POST', '/v1/applications', { body: {} });
  expect(missing.json.errors).toEqual([
    { field: '/name', message: expect.stringMatching(/^is missing; expected a string/) },
  ]);
  const none = await api.call('POST', '/v1/applications');
  expect(problemCode(none)).toBe('invalid_request');
  expect(none.json.detail).toMatch(/^\/name is missing; expected a string/);
  expect((await api.call('POST', '/v1/applications', { body: 'null' })).json.detail).toMatch(/^the body is null/);
});

test('path, query and headers are named as such', async () => {
  const field = async (path: string, call = {}) => (await api.call('GET', path, call)).json.errors[0].field;
  expect(await field('/v1/applications/short')).toBe('params/applicationId');
  expect(await field('/v1/applications?limit=0')).toBe('query/limit');
  expect(await field('/v1/applications', { run: '!' })).toBe('headers/ksm-run');
});

test('control characters in a name are refused, and shown escaped', async () => {
  for (const character of ['\u0000', '\u0007', '\n', '\u007f', '\u0085']) {
    const answer = await api.call('POST', '/v1/applications', { body: { name: `a${character}b` } });
    expect(problemCode(answer)).toBe('invalid_request');
    expect(JSON.parse(answer.text).detail).not.toContain('\u0000');
  }
  expect(problemCode(await api.call('POST', '/v1/applications', { body: { name: '' } }))).toBe('invalid_request');
  expect(problemCode(await api.call('POST', '/v1/applications', { body: { name: 'x'.repeat(256) } }))).toBe(
    'invalid_request',
  );
});

test.each([
  ['half an object', '{"name":"secret-canary'],
  ['words', 'secret-canary'],
  ['half a surrogate pair', '{"name":"\\ud83d secret-canary"}'],
  ['a prototype', '{"name":"secret-canary","__proto__":{"x":1}}'],
  ['an escaped prototype', '{"name":"secret-canary","__pro\\u0074o__":{"x":1}}'],
  ['a tower of arrays', `${'['.repeat(100_000)}`],
  ['a tower in a record', `{"data":${'{"a":'.repeat(100)}1${'}'.repeat(101)}`],
])('%s for a body is invalid JSON, and is not quoted', async (_what, body) => {
  const answer = await api.call('POST', '/v1/applications', { body });
  expect(problemCode(answer)).toBe('invalid_json');
  expect(answer.text).not.toContain('secret-canary');
});

test('64 levels are the deepest that a body may have', async () => {
  const nested = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;
  expect(problemCode(await api.call('POST', '/v1/applications', { body: nested(64) }))).toBe('invalid_request');
  expect(problemCode(await api.call('POST', '/v1/applications', { body: nested(65) }))).toBe('invalid_json');
});

test('bytes that are no UTF-8 are refused', async () => {
  const reply = await api.app.http.inject({
    method: 'POST',
    url: '/v1/applications',
    headers: { authorization: `Bearer ${api.token}`, 'content-type': 'application/json' },
    payload: Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]),
  });
  expect(reply.json().code).toBe('invalid_json');
});

test('a whole surrogate pair may be escaped', async () => {
  const { name } = await api.expect(201, 'POST', '/v1/applications', { body: '{"name":"\\ud83d\\ude00"}' });
  expect(name).toBe('😀');
});

test('a body that is too large is refused by its declared length', async () => {
  const answer = await api.call('POST', '/v1/applications', { body: { name: 'x'.repeat(1_048_577) } });
  expect(problemCode(answer)).toBe('body_too_large');
  expect(answer.status).toBe(413);
  // Or else a client that is still sending gets a reset connection instead of the problem.
  expect(answer.headers.connection).not.toBe('close');
});

test('another content type is refused', async () => {
  const reply = await api.call('POST', '/v1/applications', {
    body: '{"name":"x"}',
    headers: { 'content-type': 'text/plain' },
  });
  expect(problemCode(reply)).toBe('unsupported_media_type');
  expect(reply.json.detail).toContain('"text/plain"');
});

test('no bytes are no body, whatever the content type: nothing is missing where nothing is required', async () => {
  const { uid } = await api.expect(201, 'POST', '/v1/vault/folders', { body: { name: 'secrets' } });
  const grant = `${application}/grants/${uid}`;
  for (const type of [undefined, 'application/json', 'text/plain', 'application/x-www-form-urlencoded']) {
    const headers: Record<string, string> = type === undefined ? {} : { 'content-type': type };
    expect(await api.expect(201, 'PUT', grant, { headers })).toMatchObject({ editable: false });
    await api.expect(204, 'DELETE', grant, { headers });
    const answer = await api.call('POST', '/v1/applications', { headers });
    expect(problemCode(answer)).toBe('invalid_request');
    expect(answer.json.errors[0].field).toBe('/name');
  }
  await api.expect(201, 'PUT', grant, { body: '' });
  await api.expect(204, 'DELETE', grant, { body: '' });
});

test('a null for what has no default means that it was left out', async () => {
  const body = { name: 'for ever', accessExpiresInMinutes: null };
  expect(await api.expect(201, 'POST', `${application}/devices`, { body })).toMatchObject({ accessExpiresAt: null });
});

test.each(['{', '"text"', `"${'x'.repeat(2_000_000)}"`])(
  'at an unknown path a body does not matter (%#)',
  async (body) => {
    expect(problemCode(await api.call('POST', '/v1/nothing', { body }))).toBe('route_not_found');
    const text = { body, headers: { 'content-type': 'text/plain' } };
    expect(problemCode(await api.call('POST', '/v2/applications', text))).toBe('route_not_found');
  },
);

test('unknown paths and methods are problems as well', async () => {
  expect(problemCode(await api.call('GET', '/v2/applications'))).toBe('route_not_found');
  expect(problemCode(await api.call('GET', '/v1/nothing'))).toBe('route_not_found');
  expect(problemCode(await api.call('PUT', '/v1/applications', { body: {} }))).toBe('route_not_found');
  expect(problemCode(await api.call('GET', '/v1/%zz'))).toBe('invalid_request');
});

test('what a record holds is never quoted in an error', async () => {
  const data = { title: 'x', type: 'login', fields: [{ type: 'password', value: 'secret-canary' }], notes: 7 };
  const answer = await api.call('POST', '/v1/vault/records', { body: { data } });
  expect(problemCode(answer)).toBe('invalid_request');
  expect(answer.json.errors.map((e: { field: string }) => e.field)).toContain('/data/fields/0/value');
  expect(answer.text).not.toContain('secret-canary');
});

test('an idempotency key that is malformed is never quoted', async () => {
  const answer = await api.call('POST', '/v1/applications', { body: { name: 'x' }, key: 'secret canary' });
  expect(problemCode(answer)).toBe('invalid_request');
  expect(answer.text).not.toContain('secret canary');
});

test('no body whatever makes the service fail', async () => {
  await fc.assert(
    fc.asyncProperty(fc.json({ depthSize: 'large' }), async (body) => {
      const { status } = await api.call('POST', `${application}/devices`, { body });
      expect(status).toBe(400);
    }),
    { numRuns: 100 },
  );
});

test('no query whatever makes the service fail', async () => {
  const token = await api.admin();
  const paths = ['applications', 'shared-folders', 'audit-events', 'api-tokens', 'vault/folders', 'vault/records'];
  for (const path of paths) {
    for (const query of [
      'name=%00',
      'name=',
      'cursor=%00',
      'cursor=',
      'cursor=x',
      'cursor=MDA',
      'limit=0',
      'limit=x',
      'limit=1e309',
    ]) {
      const { status } = await api.call('GET', `/v1/${path}?${query}`, { token });
      expect([path, query, status]).toEqual([path, query, status < 500 ? status : 'less than 500']);
    }
  }
});

test('an unknown property of any length is named in few words', async () => {
  const long = 'q'.repeat(100_000);
  const answer = await api.call('POST', '/v1/applications', { body: { name: 'x', [long]: 1 } });
  expect(answer.json.errors[0].field).toBe(`/${'q'.repeat(80)}… (100000 characters)`);
  expect(answer.text.length).toBeLessThan(2_000);
});

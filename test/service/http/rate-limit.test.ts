import { createRateLimiter, DEFAULT_RATE_LIMIT, type RateLimit } from '../../../service/http/rate-limit';
import { type Clock, systemClock } from '../../../service/world/clock';
import { TestDevice } from '../device-api/test-device';
import { type Api, problemCode, startApi } from './api';
import { startListeningApi } from './listening-api';

const LIMIT: RateLimit = { requests: 20, strangers: 3 };

let api: Api;
beforeEach(async () => {
  api = await startApi({ rateLimit: LIMIT });
});
afterEach(() => api.close());

const seconds = (number: number) => api.passMinutes(number / 60);
const info = (token: string) => api.call('GET', '/v1/info', { token });
const stranger = `ksm_iac_${'A'.repeat(43)}`;

test('a token that asks without end is told to wait, and no other', async () => {
  const other = await api.newToken('read');
  await api.expect(200, 'GET', '/v1/info', { token: other });
  for (let request = 0; request < LIMIT.requests; request++) {
    await api.expect(200, 'GET', '/v1/info');
  }
  // The first of them was not known yet, and counted for the address.
  await api.expect(200, 'GET', '/v1/info');
  const answer = await info(api.token);
  expect([problemCode(answer), answer.status]).toEqual(['rate_limited', 429]);
  expect(answer.headers['retry-after']).toBe('10');
  expect(Object.keys(answer.headers).join()).not.toContain('ratelimit');
  await api.expect(200, 'GET', '/v1/info', { token: other });
  expect((await api.call('GET', '/healthz')).status).toBe(200);
  seconds(10);
  await api.expect(200, 'GET', '/v1/info');
});

test.each([
  ['a wrong token', () => info(stranger), 'unauthenticated'],
  ['no token', () => info(''), 'unauthenticated'],
  ['an unknown path', () => api.call('GET', '/nowhere', { token: '' }), 'route_not_found'],
  ['a path that cannot be read', () => api.call('GET', '/v1/%zz', { token: '' }), 'invalid_request'],
])('who comes with %s is told to wait soon', async (_what, call, code) => {
  for (let request = 0; request < LIMIT.strangers; request++) {
    expect(problemCode(await call())).toBe(code);
  }
  const answer = await call();
  expect(problemCode(answer)).toBe('rate_limited');
  expect(answer.headers['retry-after']).toBe('1');
  seconds(1);
  expect(problemCode(await call())).toBe(code);
});

test('what costs something without a token is counted too; probes are not', async () => {
  for (const path of ['/metrics', '/openapi.json', '/metrics']) {
    await api.expect(200, 'GET', path, { token: '' });
  }
  expect(problemCode(await api.call('GET', '/metrics', { token: '' }))).toBe('rate_limited');
  for (let request = 0; request < 50; request++) {
    await api.expect(200, 'GET', '/readyz', { token: '' });
    await api.expect(200, 'GET', '/healthz', { token: '' });
  }
});

test('strangers on its address take nothing away from a token that the service knows, and a second from one that it does not', async () => {
  const fresh = await api.newToken('read');
  await api.expect(200, 'GET', '/v1/info');
  for (let request = 0; request < 2 * LIMIT.requests; request++) {
    await info(stranger);
    await info('');
  }
  seconds(1);
  for (let request = 0; request < LIMIT.strangers; request++) {
    await info(stranger);
  }
  await api.expect(200, 'GET', '/v1/info');
  expect(problemCode(await api.call('GET', '/v1/nothing'))).toBe('route_not_found');
  expect(problemCode(await info(fresh))).toBe('rate_limited');
  seconds(10);
  await api.expect(200, 'GET', '/v1/info', { token: fresh });
});

test('a token that was good counts as a stranger from its end on', async () => {
  const token = await api.newToken('read', { expiresAt: api.clock.now() + 60_000 });
  await api.expect(200, 'GET', '/v1/info', { token });
  api.passMinutes(1);
  for (let request = 0; request < LIMIT.strangers; request++) {
    expect(problemCode(await info(token))).toBe('unauthenticated');
  }
  expect(problemCode(await info(token))).toBe('rate_limited');
});

test('setting the clock of the machine keeps nobody waiting', async () => {
  for (let request = 0; request <= LIMIT.strangers; request++) {
    await info(stranger);
  }
  api.setClock(-60);
  seconds(1);
  expect(problemCode(await info(stranger))).toBe('unauthenticated');
});

test('of a flood the log says once that it is there', async () => {
  for (let request = 0; request < 15; request++) {
    await info('');
  }
  const lines = api
    .log()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
  expect(lines.filter(({ level, status }) => level >= 30 && status === 429)).toEqual([]);
  expect(lines.filter(({ msg }) => msg?.startsWith('Requests are refused'))).toHaveLength(1);
});

test('what is no device is told to wait in the words of the SDKs; devices and tokens keep what is theirs', async () => {
  await api.expect(200, 'GET', '/v1/info');
  const { id } = await api.expect(201, 'POST', '/v1/applications', { body: { name: 'payments' } });
  const path = `/v1/applications/${id}/devices`;
  const { oneTimeToken } = await api.expect(201, 'POST', path, { body: { name: 'runner' } });
  const post = async (verb: string, payload: Buffer, headers: object = {}) => {
    const url = `/api/rest/sm/v1/${verb}`;
    return api.app.http.inject({ method: 'POST', url, payload, headers: { ...headers, 'content-type': 'x/y' } });
  };
  const device = new TestDevice(
    {
      handle: async ({ verb, headers, body }) => {
        const reply = await post(verb, body, headers);
        return { status: reply.statusCode, contentType: '', body: reply.rawPayload };
      },
    },
    api.vault,
    oneTimeToken,
  );
  for (let request = 0; request < LIMIT.strangers; request++) {
    expect((await device.bind()).status).toBe(200);
    expect((await post('get_secret', Buffer.alloc(10))).json().error).toBe('bad_request');
  }
  const refused = await post('get_secret', Buffer.alloc(10));
  expect([refused.statusCode, refused.json()]).toEqual([
    403,
    expect.objectContaining({ error: 'throttled', retry_after: 1 }),
  ]);
  // Strangers on the other face of the service are counted apart.
  expect(problemCode(await info(stranger))).toBe('unauthenticated');
  seconds(1);
  expect((await device.send()).status).toBe(200);
});

test('bytes that are no request count as well', async () => {
  const server = await startListeningApi({ https: false, rateLimit: LIMIT });
  try {
    const garbage = async () => {
      const raw = await server.connect();
      raw.send('GARBAGE', '', '');
      const text = await raw.closed;
      raw.socket.destroy();
      return text;
    };
    for (let request = 0; request < LIMIT.strangers; request++) {
      expect(await garbage()).toMatch(/^HTTP\/1\.1 400 /);
    }
    expect(await garbage()).toMatch(/^HTTP\/1\.1 429 [\s\S]*Retry-After: 1\r\n[\s\S]*"code":"rate_limited"/);
  } finally {
    await server.close();
  }
});

describe('the defaults', () => {
  const log = { warn: () => undefined };
  const stopped: Clock = { ...systemClock, monotonic: () => 0 };
  const limiter = () => createRateLimiter({ limit: DEFAULT_RATE_LIMIT, clock: stopped, log });

  test('a token has 20,000 requests in ten seconds', () => {
    const { accept, admit } = limiter();
    accept('token');
    for (let request = 0; request < 20_000; request++) {
      admit('token', '192.0.2.1', 'api');
    }
    expect(() => admit('token', '192.0.2.1', 'api')).toThrow(
      expect.objectContaining({ code: 'rate_limited', facts: { retryAfterSeconds: 10 } }),
    );
  });

  test('an address has 100 requests a second without a valid token; of IPv6 a network of 64 bits has them', () => {
    const { countStranger, admit } = limiter();
    const ask = (address: string) => {
      admit(undefined, address, 'api');
      countStranger(undefined, address, 'api');
    };
    for (let request = 0; request < 100; request++) {
      ask('192.0.2.1');
      ask(`2001:db8::${request.toString(16)}`);
    }
    const waits = expect.objectContaining({ code: 'rate_limited', facts: { retryAfterSeconds: 1 } });
    expect(() => ask('192.0.2.1')).toThrow(waits);
    expect(() => ask('::ffff:192.0.2.1')).toThrow(waits);
    expect(() => ask('2001:db8:0:0:1::')).toThrow(waits);
    ask('192.0.2.2');
    ask('2001:db8:0:1::1');
  });
});

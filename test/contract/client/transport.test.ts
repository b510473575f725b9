import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import type { KsmClient } from '../../../contract/client';
import { isKsmError, type KsmError } from '../../../contract/errors';
import { CANARY, client, fakeService, json, problem, quickTime, type Seen } from './fake-service';

const device = { name: 'ci' };
const created = { id: 'a/x', clientId: 'x', oneTimeToken: 'SECRET' };
const failureOf = (promise: Promise<unknown>): Promise<KsmError> =>
  promise.then(
    () => {
      throw new Error('expected a failure');
    },
    (error) => error,
  );

type Service = Awaited<ReturnType<typeof fakeService>>;
let service: Service;
afterEach(() => service?.close());

test('a refusal is not retried and carries code, request id and the id to import', async () => {
  service = await fakeService((response) => problem(response, 409, 'application_exists', { existingId: 'uid' }));
  const error = await failureOf(client(service.endpoint).createApplication({ name: 'a' }));
  expect(isKsmError(error, 'application_exists')).toBe(true);
  expect(error.facts).toMatchObject({ requestId: 'req-1', existingId: 'uid' });
  expect(service.seen).toHaveLength(1);
});

test('transient failures end after max retries with the last one', async () => {
  service = await fakeService((response) => response.destroy());
  const error = await failureOf(client(service.endpoint, { maxRetries: 1 }).info());
  expect(error.code).toBe('service_unreachable');
  expect(service.seen).toHaveLength(2);
});

test('an endpoint where nobody listens is one clear error with the endpoint in it', async () => {
  service = await fakeService((response) => json(response, 200, {}));
  await service.close();
  const error = await failureOf(client(service.endpoint, { maxRetries: 0 }).info());
  expect(error.code).toBe('service_unreachable');
  expect(error.detail).toContain(service.endpoint);
  expect(error.detail).toContain('ECONNREFUSED');
});

test('a service that does not answer in time is a request timeout that names the cure', async () => {
  service = await fakeService(() => undefined);
  const error = await failureOf(client(service.endpoint, { requestTimeoutMs: 50, maxRetries: 0 }).info());
  expect(error.code).toBe('request_timeout');
  expect(error.detail).toContain('request_timeout_seconds');
});

test('a reply that never ends is a request timeout, too, however many bytes of it come', async () => {
  service = await fakeService((response) => {
    const drip = setInterval(() => response.write(' '), 10);
    response.on('close', () => clearInterval(drip));
  });
  const error = await failureOf(client(service.endpoint, { requestTimeoutMs: 100, maxRetries: 0 }).info());
  expect(error.code).toBe('request_timeout');
});

test('a failure that nobody foresaw is a failure', async () => {
  service = await fakeService((response) => json(response, 200, {}));
  const error = await failureOf(client(service.endpoint, { endpoint: undefined as never }).info());
  expect(error.name).toBe('TypeError');
});

test('a wait that would pass the operation timeout ends with what the service last said', async () => {
  service = await fakeService((response) => problem(response, 409, 'run_active', {}, { 'retry-after': '3600' }));
  const error = await failureOf(client(service.endpoint).createApplication({ name: 'a' }));
  expect(error.code).toBe('operation_timeout');
  expect(error.detail).toContain('detail of run_active');
});

test('an attempt that the operation timeout ends is said to be so, and not a slow request', async () => {
  service = await fakeService(() => undefined);
  const error = await failureOf(client(service.endpoint, { operationTimeoutMs: 500 }).info());
  expect(error).toMatchObject({ code: 'operation_timeout', detail: expect.stringContaining('GET /info') });
  expect(service.seen).toHaveLength(1);
});

test('calls of one operation share its deadline, and none begins after it', async () => {
  const time = quickTime({ passes: (milliseconds) => milliseconds === 1_000 });
  service = await fakeService((response, { url }) =>
    url.includes('secrets')
      ? problem(response, 503, 'vault_unavailable', {}, { 'retry-after': '1' })
      : json(response, 200, {}),
  );
  const operation = client(service.endpoint, time.options).during({ deadline: time.now() + 2_500 });
  await operation.info();
  await expect(operation.getSecret('uid')).rejects.toMatchObject({ code: 'operation_timeout' });
  expect(time.waits).toEqual([1_000, 1_000]);
  time.waits.length = 0;
  await expect(operation.getSecret('uid')).rejects.toMatchObject({ code: 'operation_timeout' });
  time.pass(1_000);
  const before = service.seen.length;
  await expect(operation.info()).rejects.toMatchObject({ code: 'operation_timeout' });
  expect(service.seen).toHaveLength(before);
});

test('a reply larger than any of this API ends, is said to be so, and is not asked for again', async () => {
  const chunk = Buffer.alloc(1024 * 1024, ' ');
  service = await fakeService((response) => {
    for (let megabytes = 0; megabytes < 65; megabytes++) response.write(chunk);
    response.end();
  });
  const error = await failureOf(client(service.endpoint, { requestTimeoutMs: 20_000 }).info());
  expect(error).toMatchObject({ code: 'invalid_reply', detail: expect.stringContaining('more than any reply') });
  expect(service.seen).toHaveLength(1);
});

test.each([
  ['revokes', (ksm: KsmClient, id: string) => ksm.deleteApiToken(id), 'DELETE /v1/api-tokens/'],
  ['looks up', (ksm: KsmClient, id: string) => ksm.getSecret(id), 'GET /v1/secrets/'],
  ['deletes', (ksm: KsmClient, id: string) => ksm.deleteApplication(id, { force: false }), 'DELETE /v1/applications/'],
  ['deletes', (ksm: KsmClient, id: string) => ksm.deleteDevice('app', id), 'DELETE /v1/applications/app/devices/'],
  ['deletes', (ksm: KsmClient, id: string) => ksm.deleteGateway('app', id), 'DELETE /v1/applications/app/gateways/'],
  ['deletes', (ksm: KsmClient, id: string) => ksm.deleteGrant('app', id), 'DELETE /v1/applications/app/grants/'],
])('an id from outside that %s never leaves its path segment: %#', async (_what, call, start) => {
  service = await fakeService((response) => response.writeHead(204).end());
  await call(client(service.endpoint), '../applications/a?force=true#b');
  const [{ method, url }] = service.seen as [Seen];
  expect(`${method} ${url}`).toBe(`${start}..%2Fapplications%2Fa%3Fforce%3Dtrue%23b`);
});

test('a page that is no answer of this API is said to be so', async () => {
  service = await fakeService((response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>'));
  expect((await failureOf(client(service.endpoint).info())).code).toBe('invalid_reply');
});

test('plain HTTP where HTTPS was asked for is told apart from a service that is down', async () => {
  service = await fakeService((response) => json(response, 200, {}));
  const error = await failureOf(client(service.endpoint.replace('http:', 'https:'), { maxRetries: 3 }).info());
  expect(error.code).toBe('service_unreachable');
  expect(error.detail).toContain('does not speak HTTPS');
});

test('HTTPS where plain HTTP was asked for closes the connection, and the failure names https://', async () => {
  const server = createServer({}).listen(0, '127.0.0.1');
  try {
    await once(server, 'listening');
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const error = await failureOf(client(endpoint, { maxRetries: 0 }).info());
    expect(error.code).toBe('service_unreachable');
    expect(error.detail).toContain('socket hang up');
    expect(error.detail).toContain('The service speaks HTTPS unless it was started with --insecure-http');
  } finally {
    server.close();
  }
});

test.each([
  ['id', 'no id'],
  ['clientId', 'no clientId'],
  ['oneTimeToken', 'no credential'],
])('a creation whose reply has no %s is no success', async (field, words) => {
  service = await fakeService((response) => json(response, 201, { ...created, [field]: null }));
  const error = await failureOf(client(service.endpoint).createDevice('app', device));
  expect(error).toMatchObject({ code: 'invalid_reply', detail: expect.stringContaining(words) });
  expect(service.seen).toHaveLength(1);
});

test('the run goes with every request and a redirect is never followed', async () => {
  service = await fakeService((response) => response.writeHead(307, { location: '/elsewhere' }).end());
  const error = await failureOf(client(service.endpoint, { runId: 'run-0123456789abcdef' }).info());
  expect(error.code).toBe('invalid_reply');
  expect(service.seen.map(({ url, headers }) => [url, headers['ksm-run']])).toEqual([
    ['/v1/info', 'run-0123456789abcdef'],
  ]);
});

test('names with quotes, templates, backslashes and emoji arrive unchanged', async () => {
  const name = 'a "b" \'c\' ${d} %{e} \\ 🔑 ü';
  service = await fakeService((response) => json(response, 201, {}));
  await client(service.endpoint).createApplication({ name });
  expect(JSON.parse(service.seen[0]!.body)).toEqual({ name });
});

test.each([
  ['a dropped connection', (response: import('node:http').ServerResponse) => response.destroy()],
  ['a refusal', (response: import('node:http').ServerResponse) => problem(response, 401, 'unauthenticated')],
  ['a page', (response: import('node:http').ServerResponse) => response.end('<html>')],
])('the token is in no error, however deep: %s', async (_, answer) => {
  service = await fakeService(answer);
  const error = await failureOf(client(service.endpoint, { maxRetries: 0 }).createDevice('app', device));
  expect(inspect(error, { depth: 20, showHidden: true })).not.toContain(CANARY);
  expect(service.seen[0]?.headers.authorization).toContain(CANARY);
});

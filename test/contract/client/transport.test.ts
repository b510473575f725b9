import { inspect } from 'node:util';
import { isKsmError, type KsmError } from '../../../contract/errors';
import { CANARY, client, fakeService, json, problem } from './fake-service';

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

test('a creation that is retried carries one idempotency key, another creation another one', async () => {
  service = await fakeService((response, _, count) =>
    count === 1 ? response.destroy() : json(response, 201, created),
  );
  const ksm = client(service.endpoint);
  await ksm.createDevice('app', device);
  await ksm.createDevice('app', device);
  const keys = service.seen.map(({ headers }) => headers['idempotency-key']);
  expect(keys[0]).toMatch(/^[A-Za-z0-9_-]{43}$/);
  expect(keys[1]).toBe(keys[0]);
  expect(keys[2]).not.toBe(keys[0]);
});

test('waits that the service asked for do not count as retries', async () => {
  service = await fakeService((response, _, count) =>
    count <= 4
      ? problem(response, 409, 'operation_in_progress', {}, { 'retry-after': '0' })
      : json(response, 201, created),
  );
  await client(service.endpoint, { maxRetries: 0 }).createDevice('app', device);
  expect(service.seen).toHaveLength(5);
});

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
  expect(error).toBeInstanceOf(TypeError);
});

test('an abort ends a request that runs, and its wait', async () => {
  const controller = new AbortController();
  service = await fakeService(() => controller.abort());
  const error = await failureOf(client(service.endpoint, { signal: controller.signal }).info());
  expect(error.code).toBe('cancelled');
  expect(service.seen).toHaveLength(1);
});

test('a wait that would pass the operation timeout ends with what the service last said', async () => {
  service = await fakeService((response) => problem(response, 409, 'run_active', {}, { 'retry-after': '3600' }));
  const error = await failureOf(client(service.endpoint).createApplication({ name: 'a' }));
  expect(error.code).toBe('operation_timeout');
  expect(error.detail).toContain('detail of run_active');
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

test.each(['id', 'clientId', 'oneTimeToken'])('a creation whose reply has no %s is no success', async (field) => {
  service = await fakeService((response) => json(response, 201, { ...created, [field]: null }));
  const error = await failureOf(client(service.endpoint).createDevice('app', device));
  expect(error).toMatchObject({ code: 'invalid_reply', detail: expect.stringContaining(field) });
  expect(service.seen).toHaveLength(1);
});

test('an aborted client makes no request', async () => {
  service = await fakeService((response) => json(response, 200, {}));
  const error = await failureOf(client(service.endpoint, { signal: AbortSignal.abort() }).info());
  expect(error).toMatchObject({ code: 'cancelled', detail: 'The operation was cancelled.' });
  expect(service.seen).toHaveLength(0);
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

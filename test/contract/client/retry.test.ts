import { isTransient, waitAfter } from '../../../contract/client/retry';
import { CLIENT_FAILURES, type ErrorCode, KsmError, PROBLEMS } from '../../../contract/errors';
import { client, fakeService, json, problem, quickTime } from './fake-service';

const CODES = [...Object.keys(PROBLEMS), ...Object.keys(CLIENT_FAILURES)] as ErrorCode[];
/** Every other code is a refusal, or the end. */
const TRANSIENT = [
  'operation_in_progress',
  'rate_limited',
  'request_timeout',
  'run_active',
  'service_unreachable',
  'shutting_down',
  'vault_busy',
  'vault_unavailable',
];

const failed = (code: ErrorCode, facts = {}) => new KsmError(code, 'detail', facts);

type Service = Awaited<ReturnType<typeof fakeService>>;
let service: Service | undefined;
afterEach(() => service?.close());

describe('what is tried again', () => {
  test.each(CODES)('%s, or not', (code) => {
    expect(isTransient(failed(code))).toBe(TRANSIENT.includes(code));
  });

  test('not what the service refuses, though it names a time', () => {
    const facts = { retryAfterSeconds: 1 };
    expect(waitAfter(failed('application_exists', facts), 0, 4, 0)).toBeUndefined();
    expect(waitAfter(failed('forbidden', facts), 0, 4, 0)).toBeUndefined();
  });

  test('not a connection that cannot come about, and a page of something between only for its status', () => {
    expect(isTransient(failed('service_unreachable', { transient: false }))).toBe(false);
    expect(isTransient(failed('invalid_reply', { transient: true }))).toBe(true);
  });

  test.each([429, 502, 503, 504])('a page with the status %d', async (status) => {
    service = await fakeService((response, _, count) =>
      count === 1 ? response.writeHead(status).end('<html>') : json(response, 200, { version: '1' }),
    );
    const time = quickTime();
    await client(service.endpoint, time.options).info();
    expect(time.waits).toEqual([125]);
  });

  test.each([400, 401, 403, 404, 407, 500])('not a page with the status %d', async (status) => {
    service = await fakeService((response) => response.writeHead(status).end('<html>'));
    await expect(client(service.endpoint).info()).rejects.toMatchObject({ code: 'invalid_reply' });
    expect(service.seen).toHaveLength(1);
  });
});

describe('waits', () => {
  test('double from a quarter of a second to eight, and chance draws their upper half', () => {
    const waits = (random: number) =>
      [0, 1, 2, 3, 4, 5, 6, 20].map(
        (failures) => waitAfter(failed('shutting_down'), failures, 99, random)?.milliseconds,
      );
    expect(waits(0)).toEqual([125, 250, 500, 1_000, 2_000, 4_000, 4_000, 4_000]);
    expect(waits(0.5)).toEqual([187.5, 375, 750, 1_500, 3_000, 6_000, 6_000, 6_000]);
    expect(waits(1)).toEqual([250, 500, 1_000, 2_000, 4_000, 8_000, 8_000, 8_000]);
  });

  test.each([
    ['operation_in_progress', 409],
    ['run_active', 409],
    ['rate_limited', 429],
    ['shutting_down', 503],
    ['vault_unavailable', 503],
    ['vault_busy', 503],
  ])('that %s asks for are kept, and are no retries', async (code, status) => {
    service = await fakeService((response, _, count) =>
      count <= 6 ? problem(response, status, code, {}, { 'retry-after': '7' }) : json(response, 200, { version: '1' }),
    );
    const time = quickTime();
    await client(service.endpoint, { ...time.options, maxRetries: 0 }).info();
    expect(time.waits).toEqual(Array(6).fill(7_000));
  });

  test('until a date are counted from the time of day', async () => {
    const date = Date.parse('2026-01-01T00:00:00Z');
    service = await fakeService((response, _, count) =>
      count === 1
        ? problem(response, 503, 'shutting_down', {}, { 'retry-after': 'Thu, 01 Jan 2026 00:00:09 GMT' })
        : json(response, 200, { version: '1' }),
    );
    const time = quickTime();
    await client(service.endpoint, { ...time.options, surroundings: { ...time, date: () => date } }).info();
    expect(time.waits).toEqual([9_000]);
  });

  test('end when the next attempt would pass the operation timeout, whatever the service asks for', async () => {
    service = await fakeService((response) => problem(response, 503, 'vault_unavailable', {}, { 'retry-after': '45' }));
    const time = quickTime({ passes: (milliseconds) => milliseconds === 45_000 });
    const call = client(service.endpoint, { ...time.options, maxRetries: 0 }).info();
    await expect(call).rejects.toMatchObject({
      code: 'operation_timeout',
      detail: expect.stringContaining('detail of vault_unavailable'),
    });
    expect(time.waits).toEqual(Array(13).fill(45_000));
  });
});

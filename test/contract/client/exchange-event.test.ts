import { inspect } from 'node:util';
import type { ExchangeEvent } from '../../../contract/client';
import { CANARY, client, fakeService, json, problem, quickTime } from './fake-service';

type Service = Awaited<ReturnType<typeof fakeService>>;
let service: Service;
afterEach(() => service?.close());

const SECRET = 'canary-one-time-token';

/** What is told of a call, the times of the requests themselves left out. */
async function told(call: (ksm: ReturnType<typeof client>) => Promise<unknown>): Promise<ExchangeEvent[]> {
  const events: ExchangeEvent[] = [];
  const onExchange = (event: ExchangeEvent) => events.push(event);
  await call(client(service.endpoint, { ...quickTime().options, maxRetries: 1, onExchange })).catch(() => {});
  return events;
}

test('of each attempt are told method, path, number, status, request id, code and the wait that follows', async () => {
  service = await fakeService((response, _, count) => {
    if (count === 1) problem(response, 503, 'vault_busy', {}, { 'retry-after': '2', 'x-request-id': 'req-1' });
    else if (count === 2) response.destroy();
    else json(response, 201, { id: 'uid', name: 'n' }, { 'x-request-id': 'req-3' });
  });
  const path = '/applications/uid/devices/x';
  expect(await told((ksm) => ksm.getDevice('uid', 'x'))).toEqual([
    {
      method: 'GET',
      path,
      attempt: 1,
      durationMs: 0,
      status: 503,
      requestId: 'req-1',
      code: 'vault_busy',
      waitMs: 2_000,
    },
    { method: 'GET', path, attempt: 2, durationMs: 0, code: 'service_unreachable', waitMs: 125 },
    { method: 'GET', path, attempt: 3, durationMs: 0, status: 201, requestId: 'req-3' },
  ]);
});

test('the last failure is told without a wait', async () => {
  service = await fakeService((response) => problem(response, 404, 'device_not_found'));
  const [event, ...more] = await told((ksm) => ksm.getDevice('uid', 'x'));
  expect(event).toMatchObject({ status: 404, code: 'device_not_found', waitMs: undefined });
  expect(more).toEqual([]);
});

test('how long an attempt took is told', async () => {
  const events: ExchangeEvent[] = [];
  const time = quickTime();
  service = await fakeService((response) => {
    time.pass(1_234);
    json(response, 200, {});
  });
  const onExchange = (event: ExchangeEvent) => events.push(event);
  await client(service.endpoint, { ...time.options, onExchange }).info();
  expect(events).toMatchObject([{ durationMs: 1_234 }]);
});

test('nothing told holds a secret or a name: not the token, the key, the query, a body or a reply', async () => {
  service = await fakeService((response) =>
    json(response, 200, { items: [], id: 'uid', clientId: 'x', oneTimeToken: SECRET }),
  );
  const events = [
    ...(await told((ksm) => ksm.findApplication('canary-name'))),
    ...(await told((ksm) => ksm.createDevice('uid', { name: 'canary-name' }))),
  ];
  expect(events).toHaveLength(2);
  const text = inspect(events, { depth: 20, showHidden: true });
  for (const canary of [CANARY, SECRET, 'canary-name', String(service.seen[1]?.headers['idempotency-key'])]) {
    expect(text).not.toContain(canary);
  }
});

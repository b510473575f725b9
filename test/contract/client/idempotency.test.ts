import { KsmClient } from '../../../contract/client';
import { client, fakeService, json, quickTime } from './fake-service';

const created = { id: 'a/x', clientId: 'x', oneTimeToken: 'SECRET', token: 'SECRET' };
const UID = 'AAAAAAAAAAAAAAAAAAAAAA';

type Service = Awaited<ReturnType<typeof fakeService>>;
let service: Service;
afterEach(() => service?.close());

const CREATIONS: [string, (ksm: KsmClient) => Promise<unknown>][] = [
  ['an application', (ksm) => ksm.createApplication({ name: 'a' })],
  ['a client device', (ksm) => ksm.createDevice(UID, { name: 'a' })],
  ['a gateway', (ksm) => ksm.createGateway(UID, { name: 'a' })],
  ['an API token', (ksm) => ksm.createApiToken({ name: 'a', scope: 'read' } as never)],
  ['a folder', (ksm) => ksm.createVaultFolder({ name: 'a' } as never)],
  ['a record', (ksm) => ksm.createVaultRecord({ title: 'a' } as never)],
];

test.each(CREATIONS)('%s whose first reply is lost is asked for again under the same key', async (_what, create) => {
  service = await fakeService((response, _, count) =>
    count === 1 ? response.destroy() : json(response, 201, created),
  );
  const ksm = client(service.endpoint, quickTime().options);
  await create(ksm);
  await create(ksm);
  const keys = service.seen.map(({ headers }) => headers['idempotency-key']);
  expect(keys).toHaveLength(3);
  expect(keys[0]).toMatch(/^[A-Za-z0-9_-]{43}$/);
  expect(keys[1]).toBe(keys[0]);
  expect(keys[2]).not.toBe(keys[0]);
});

test('every method that creates is in the table above', () => {
  const creating = Object.getOwnPropertyNames(KsmClient.prototype).filter((name) => name.startsWith('create'));
  expect(creating.sort()).toEqual(CREATIONS.map(([, call]) => /ksm\.(\w+)/.exec(String(call))?.[1]).sort());
});

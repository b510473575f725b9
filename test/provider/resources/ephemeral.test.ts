import { type ObjectValue, type ProviderServer, UNKNOWN } from '../../../provider/framework';
import { createProviderServer } from '../../../provider/resources';
import { type RealService, realService } from './real-service';
import { recordingLog } from './recording-log';
import { complete } from './terraform';

let service: RealService;
let applicationId: string;
let token: string;
beforeAll(async () => {
  service = await realService();
  token = await service.tokenOf('session');
  applicationId = (await service.vault.applications.create({ name: 'payments' })).id;
});
afterAll(() => service.close());

const typeName = 'ksm_client_device';
const devices = () => service.vault.devices.list(applicationId);

/** A provider process with a token that may do nothing lasting. */
async function ready(): Promise<ProviderServer> {
  const server = createProviderServer({ version: '0.0.0', log: recordingLog(), environment: {} });
  const config = complete(server.schemas.provider, { endpoint: service.endpoint, token });
  expect(await server.configure({ terraformVersion: '1.11.4', config })).toEqual({ diagnostics: [] });
  return server;
}

const configOf = (server: ProviderServer, own: ObjectValue = {}) =>
  complete(server.schemas.ephemeral[typeName]!, { application_id: applicationId, name: 'run', ...own });

async function opened(server: ProviderServer, own: ObjectValue = {}) {
  const config = configOf(server, own);
  expect(await server.validate({ kind: 'ephemeral', typeName, config })).toEqual({ diagnostics: [] });
  const { diagnostics, ...outcome } = await server.openEphemeral({ typeName, config });
  expect(diagnostics).toEqual([]);
  return outcome;
}

const close = (server: ProviderServer, handle: Uint8Array) => server.closeEphemeral({ typeName, private: handle });

test('it is a device with a configuration while it is open, and nothing once it is closed', async () => {
  const server = await ready();
  const { result, private: handle } = await opened(server);
  expect(result).toMatchObject({ application_id: applicationId, name: 'run', ip_lock: false, enabled: true });
  expect(JSON.parse(Buffer.from(String(result!.config), 'base64').toString())).toMatchObject({
    hostname: '127.0.0.1:8443',
    clientId: expect.any(String),
    privateKey: expect.any(String),
    appKey: expect.any(String),
  });
  // What closes it is kept by Terraform, and opens nothing.
  expect(Buffer.from(handle).toString()).not.toContain('privateKey');
  expect(await devices()).toMatchObject([{ name: 'run', ipLock: false }]);
  expect(await close(server, handle)).toEqual({ diagnostics: [] });
  expect(await devices()).toEqual([]);
  expect(await close(server, handle)).toEqual({ diagnostics: [] });
  await server.shutdown();
});

test('it is closed after an interrupt too, and none is opened any more', async () => {
  const server = await ready();
  const { private: handle } = await opened(server);
  server.stop();
  expect(await server.openEphemeral({ typeName, config: configOf(server) })).toMatchObject({ result: null });
  expect(await close(server, handle)).toEqual({ diagnostics: [] });
  expect(await devices()).toEqual([]);
  await server.shutdown();
});

test('a disabled one asks nothing, has no configuration, and closing it does nothing', async () => {
  const server = await ready();
  const asked = service.requests.length;
  const { result, private: handle } = await opened(server, { enabled: false });
  expect(result).toMatchObject({ enabled: false, ip_lock: false, config: null });
  expect(await close(server, handle)).toEqual({ diagnostics: [] });
  expect(service.requests).toHaveLength(asked);
  await server.shutdown();
});

test('one that nobody closes ends with its run: settled at the end of the process, or lapsed after a kill', async () => {
  const server = await ready();
  await opened(server);
  await server.shutdown();
  expect(await live()).toEqual([]);
  const killed = await ready();
  await opened(killed);
  expect(await live()).toHaveLength(1);
  await service.lapse();
  expect(await live()).toEqual([]);
  await killed.shutdown();
});

/** What `data "ksm_client_devices"` says in a process of its own. */
async function live() {
  const server = await ready();
  const config = complete(server.schemas.data.ksm_client_devices!, { application_id: applicationId });
  const { state } = await server.readDataSource({ typeName: 'ksm_client_devices', config });
  await server.shutdown();
  return state!.items;
}

test('one that was removed meanwhile, with its application too, is closed all the same', async () => {
  const server = await ready();
  const { id } = await service.vault.applications.create({ name: 'short-lived' });
  const { private: handle } = await opened(server, { application_id: id });
  await service.vault.devices.remove(id, (await service.vault.devices.list(id))[0]!.clientId);
  expect(await close(server, handle)).toEqual({ diagnostics: [] });
  const { private: second } = await opened(server, { application_id: id });
  await service.vault.devices.remove(id, (await service.vault.devices.list(id))[0]!.clientId);
  await service.vault.applications.remove(id, { force: false });
  expect(await close(server, second)).toEqual({ diagnostics: [] });
  await server.shutdown();
});

test('an IP lock is refused with its reason; what is not known as yet is not', async () => {
  const server = await ready();
  const validate = (own: ObjectValue) =>
    server.validate({ kind: 'ephemeral', typeName, config: configOf(server, own) });
  expect((await validate({ ip_lock: true })).diagnostics).toMatchObject([
    { path: ['ip_lock'], detail: expect.stringContaining('address of the service') },
  ]);
  expect(await validate({ ip_lock: UNKNOWN, enabled: UNKNOWN, application_id: UNKNOWN })).toEqual({ diagnostics: [] });
});

test('a token that only reads is refused with the scope that it takes', async () => {
  const server = createProviderServer({ version: '0.0.0', log: recordingLog(), environment: {} });
  const read = await service.tokenOf('read');
  const config = complete(server.schemas.provider, { endpoint: service.endpoint, token: read });
  await server.configure({ terraformVersion: '1.11.4', config });
  const { result, diagnostics } = await server.openEphemeral({ typeName, config: configOf(server) });
  expect(result).toBeNull();
  expect(diagnostics).toMatchObject([{ severity: 'error', detail: expect.stringContaining('Code: forbidden') }]);
  await server.shutdown();
});

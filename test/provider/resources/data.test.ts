import { type ProviderServer, UNKNOWN } from '../../../provider/framework';
import { createProviderServer } from '../../../provider/resources';
import { type RealService, realService } from './real-service';
import { recordingLog } from './recording-log';
import { complete, Terraform, type TerraformError } from './terraform';

let service: RealService;
let terraform: Terraform;
beforeAll(async () => {
  service = await realService();
});
afterAll(() => service.close());
beforeEach(() => {
  terraform = new Terraform({ endpoint: service.endpoint, token: service.token });
});

const MISSING = 'ZZZZZZZZZZZZZZZZZZZZZA';

const errorOf = (typeName: string, configured: Record<string, string | null>) =>
  terraform.look(typeName, configured).then(
    () => undefined,
    ({ errors }: TerraformError) => errors[0],
  );

/** Two applications, the first with a device that was redeemed, one that waits, and a gateway. */
async function filled() {
  const { applications, devices, gateways } = service.vault;
  const application = await applications.create({ name: 'looked up' });
  const device = (name: string) =>
    devices.create({
      applicationId: application.id,
      name,
      ipLock: true,
      tokenExpiresInMinutes: 60,
      initialization: 'token',
    });
  const [used, waiting] = [await device('used'), await device('waiting')];
  await service.redeem(used.clientId);
  const gateway = await gateways.create({
    applicationId: application.id,
    name: 'gw',
    tokenExpiresInMinutes: 60,
    initialization: 'token',
  });
  const empty = await applications.create({ name: 'empty' });
  return { application, used, waiting, gateway, empty };
}

test('an application is found by its UID and by its name, among several in a list', async () => {
  const { id } = await service.vault.applications.create({ name: 'payments' });
  const found = { id, name: 'payments', created_at: '2030-01-01T00:00:00.000Z' };
  expect(await terraform.look('ksm_application', { id })).toEqual(found);
  expect(await terraform.look('ksm_application', { name: 'payments' })).toEqual(found);
  const other = await service.vault.applications.create({ name: 'other' });
  const { items } = await terraform.look('ksm_applications', {});
  expect(items).toEqual(expect.arrayContaining([found, { ...found, id: other.id, name: 'other' }]));
});

test('a shared folder is found by its UID and by its name, among several in a list', async () => {
  const uid = service.uids.folder;
  const found = { uid, name: 'Databases', kind: 'classic', path: 'Databases' };
  expect(await terraform.look('ksm_shared_folder', { uid })).toEqual(found);
  expect(await terraform.look('ksm_shared_folder', { name: 'Databases' })).toEqual(found);
  const { items } = await terraform.look('ksm_shared_folders', {});
  expect(items).toEqual(expect.arrayContaining([found, expect.objectContaining({ name: 'Other' })]));
});

test('a record is found by its UID and by its title, and nothing of its content is told', async () => {
  const uid = service.uids.record;
  const found = { uid, title: 'In folder', path: 'Databases/In folder' };
  expect(await terraform.look('ksm_record', { uid })).toEqual(found);
  expect(await terraform.look('ksm_record', { title: 'In folder' })).toEqual(found);
});

test('the service tells what an installer needs beside a token', async () => {
  expect(await terraform.look('ksm_service', {})).toEqual({
    vault_id: 'AAAAAAAAAAAAAAAAAAAAAA',
    vault: 'embedded',
    features: expect.arrayContaining(['initialization.token', 'ephemeral-devices']),
    hostname: '127.0.0.1:8443',
    server_public_key_id: expect.stringMatching(/^\d+$/),
    server_public_key: expect.stringMatching(/^[\w-]{87}$/),
    ca_certificate: null,
  });
});

test('devices and gateways are listed with what changes by use, by one request for both', async () => {
  const { application, used, waiting, gateway } = await filled();
  const asked = service.requests.length;
  const [devices, gateways] = await terraform.process(async (server) => [
    await terraform.lookIn(server, 'ksm_client_devices', { application_id: application.id }),
    await terraform.lookIn(server, 'ksm_gateways', { application_id: application.id }),
  ]);
  expect(service.requests.slice(asked).filter((request) => request.includes('/applications'))).toHaveLength(1);
  expect(devices!.items).toHaveLength(2);
  expect(devices!.items).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ id: used.id, name: 'used', status: 'active', ip_address: '192.0.2.1', ip_lock: true }),
      expect.objectContaining({ id: waiting.id, client_id: waiting.clientId, status: 'pending', last_access_at: null }),
    ]),
  );
  expect(gateways!.items).toEqual([
    expect.objectContaining({ id: gateway.id, name: 'gw', status: 'pending', gateway_uid: null }),
  ]);
});

test('of an application without any, the lists are empty', async () => {
  const { id } = await service.vault.applications.create({ name: 'bare' });
  expect(await terraform.look('ksm_client_devices', { application_id: id })).toEqual({ application_id: id, items: [] });
  expect(await terraform.look('ksm_gateways', { application_id: id })).toEqual({ application_id: id, items: [] });
});

test.each([
  ['ksm_application', { id: MISSING }, 'id', 'ksm-iac application list'],
  ['ksm_application', { name: 'nobody' }, 'name', 'ksm-iac application list'],
  ['ksm_shared_folder', { uid: MISSING }, 'uid', 'ksm-iac secret list'],
  ['ksm_shared_folder', { name: 'nowhere' }, 'name', 'ksm-iac secret list'],
  ['ksm_record', { uid: MISSING }, 'uid', 'ksm-iac secret list'],
  ['ksm_record', { title: 'nothing' }, 'title', 'ksm-iac secret list'],
  ['ksm_client_devices', { application_id: MISSING }, 'application_id', 'ksm-iac application list'],
  ['ksm_gateways', { application_id: MISSING }, 'application_id', 'ksm-iac application list'],
])(
  '%s of %j is an error that names the attribute and how to find what exists',
  async (typeName, config, path, cure) => {
    expect(await errorOf(typeName, config)).toMatchObject({
      summary: expect.stringMatching(/^There is no such /),
      detail: expect.stringContaining(cure),
      path: [path],
    });
  },
);

test.each([
  ['ksm_application', 'id', 'name'],
  ['ksm_shared_folder', 'uid', 'name'],
  ['ksm_record', 'uid', 'title'],
])('%s is looked up by one of two keys: both and none are refused without asking', async (typeName, unique, name) => {
  const asked = service.requests.length;
  expect(await errorOf(typeName, { [unique]: MISSING, [name]: 'x' })).toMatchObject({
    detail: expect.stringContaining('both'),
  });
  expect(await errorOf(typeName, {})).toMatchObject({ detail: expect.stringContaining('Neither') });
  expect(await errorOf(typeName, { [unique]: 'short' })).toMatchObject({ path: [unique] });
  expect(service.requests).toHaveLength(asked);
  await terraform.process(async (server) => {
    const config = complete(server.schemas.data[typeName]!, { [name]: UNKNOWN });
    expect(await server.validate({ kind: 'data', typeName, config })).toEqual({ diagnostics: [] });
  });
});

test('a name that several have is refused with their UIDs', async () => {
  const { content } = service.vault;
  const twins = [await content.putFolder({ name: 'Twins' }), await content.putFolder({ name: 'Twins' })];
  const refused = await errorOf('ksm_shared_folder', { name: 'Twins' });
  expect(refused?.summary).toBe('Several have this name');
  for (const { folder } of twins) expect(refused?.detail).toContain(folder.uid);
  const data = { title: 'Same', type: 'login', fields: [] };
  const [one, other] = [
    await content.putRecord({ folderUid: null, data }),
    await content.putRecord({ folderUid: null, data }),
  ];
  const detail = (await errorOf('ksm_record', { title: 'Same' }))?.detail;
  expect(detail).toContain(one.record.uid);
  expect(detail).toContain(other.record.uid);
});

test('a UID of the other kind is refused with the data source that looks it up', async () => {
  expect(await errorOf('ksm_record', { uid: service.uids.folder })).toMatchObject({
    detail: expect.stringContaining('ksm_shared_folder'),
  });
  expect(await errorOf('ksm_shared_folder', { uid: service.uids.record })).toMatchObject({
    detail: expect.stringContaining('ksm_record'),
  });
});

/** A provider whose endpoint comes from something that is not applied yet. */
async function unconfigured(): Promise<ProviderServer> {
  const server = createProviderServer({ version: '0.0.0', log: recordingLog(), environment: {} });
  const config = complete(server.schemas.provider, { endpoint: UNKNOWN, token: 'x' });
  expect(await server.configure({ terraformVersion: '1.11.4', config })).toEqual({ diagnostics: [] });
  return server;
}

test('with a provider that is not configured as yet every data source says what to apply first', async () => {
  const server = await unconfigured();
  for (const typeName of Object.keys(server.schemas.data)) {
    const config = complete(server.schemas.data[typeName]!, { id: MISSING });
    const { state, diagnostics } = await server.readDataSource({ typeName, config });
    expect(state).toBeNull();
    expect(diagnostics).toMatchObject([{ severity: 'error', detail: expect.stringContaining('Apply what they come') }]);
  }
});

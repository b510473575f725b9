import type { ObjectValue } from '../../../provider/framework';
import { type RealService, realService } from './real-service';
import { complete, type Stored, Terraform } from './terraform';

let service: RealService;
let reader: Terraform;
const stored: [Stored, ObjectValue][] = [];

beforeAll(async () => {
  service = await realService();
  const writer = new Terraform({ endpoint: service.endpoint, token: service.token });
  const made = async (typeName: string, config: ObjectValue) => {
    const own = await writer.apply(typeName, config);
    stored.push([own, config]);
    return String(own.state.id);
  };
  const application_id = await made('ksm_application', { name: 'payments' });
  await made('ksm_shared_folder_grant', { application_id, folder_uid: service.uids.folder, editable: true });
  await made('ksm_record_grant', { application_id, record_uid: service.uids.loneRecord });
  await made('ksm_client_device', { application_id, name: 'device' });
  await made('ksm_gateway', { application_id, name: 'gateway' });
  reader = new Terraform({ endpoint: service.endpoint, token: await service.tokenOf('read') });
});
afterAll(() => service.close());

test('plan, refresh, import, data sources and lists of every kind work with a token that reads, and change nothing', async () => {
  const before = await service.audited();
  const asked = service.requests.length;
  for (const [own, config] of stored) {
    expect(await reader.plan(own.typeName, config, own)).toMatchObject({ action: 'nothing' });
    expect((await reader.import(own.typeName, String(own.state.id))).state.id).toBe(own.state.id);
    expect(await reader.plan(own.typeName, config)).toMatchObject({ action: 'create' });
  }
  const application_id = String(stored[0]![0].state.id);
  const keys: Record<string, ObjectValue> = {
    ksm_application: { id: application_id },
    ksm_shared_folder: { name: 'Databases' },
    ksm_record: { title: 'Lone' },
    ksm_client_devices: { application_id },
    ksm_gateways: { application_id },
  };
  await reader.process(async (server) => {
    for (const typeName of Object.keys(server.schemas.data))
      await reader.lookIn(server, typeName, keys[typeName] ?? {});
    for (const [typeName, schema] of Object.entries(server.schemas.list)) {
      const request = { typeName, config: complete(schema, {}), includeState: true, limit: 0 };
      for await (const { diagnostics } of server.list(request)) expect(diagnostics).toEqual([]);
    }
  });
  expect(await service.audited()).toEqual(before);
  // What a state holds is noted, and nothing else is written.
  const written = service.requests.slice(asked).filter((request) => !request.startsWith('GET '));
  expect(written.filter((request) => !/^PUT \/v1\/runs\/[\w-]+$/.test(request))).toEqual([]);
});

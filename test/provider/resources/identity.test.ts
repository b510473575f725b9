import type { ObjectValue } from '../../../provider/framework';
import { alteredReplies } from './altered-replies';
import { type RealService, realService } from './real-service';
import { type Stored, Terraform } from './terraform';

/** Another vault: it knows no client id of a gateway that has initialised. */
const withoutClientIds = (json: string) =>
  json.replace(
    /"id":"([\w-]{22})\/[\w-]{86}"([^{}]*)"clientId":"[\w-]{86}"([^{}]*"gatewayUid":"([\w-]{22})")/g,
    '"id":"$1/$4"$2"clientId":null$3',
  );

let service: RealService;
let line: Awaited<ReturnType<typeof alteredReplies>>;
let terraform: Terraform;
let application: string;
let hideClientIds = false;
beforeAll(async () => {
  service = await realService();
  line = await alteredReplies(service.endpoint, {
    alter: (_, json) => (hideClientIds ? withoutClientIds(json) : undefined),
  });
});
afterAll(async () => {
  await line.close();
  await service.close();
});
beforeEach(async () => {
  hideClientIds = false;
  terraform = new Terraform({ endpoint: line.endpoint, token: service.token });
  application = (await service.vault.applications.create({ name: `app ${Math.random()}` })).id;
});

const importBy = (typeName: string, identity: ObjectValue) =>
  terraform.process((server) => server.importResource({ typeName, id: '', identity }));
const identityOf = ({ typeName, state, private: bytes }: Stored) =>
  terraform.process(async (server) => (await server.readResource({ typeName, state, private: bytes })).identity);

test.each<[string, () => ObjectValue, string]>([
  ['ksm_shared_folder_grant', () => ({ folder_uid: service.uids.folder }), 'folder_uid'],
  ['ksm_record_grant', () => ({ record_uid: service.uids.loneRecord }), 'record_uid'],
  ['ksm_client_device', () => ({ name: 'one' }), 'client_id'],
])('%s is known by its application and what it is within it, and imported by that', async (type, config, attribute) => {
  const created = await terraform.apply(type, { application_id: application, ...config() });
  const identity = { application_id: application, [attribute]: String(created.state[attribute]) };
  expect(await identityOf(created)).toEqual(identity);
  const { resources, diagnostics } = await importBy(type, identity);
  expect(diagnostics).toEqual([]);
  expect(resources).toMatchObject([{ state: { id: created.state.id }, identity }]);
});

describe('a gateway', () => {
  const TYPE = 'ksm_gateway';
  const config = () => ({ application_id: application, name: 'edge' });
  const made = async () => {
    const created = await terraform.apply(TYPE, config());
    return { created, clientId: String(created.state.client_id) };
  };

  test('is known by its client id, before and after it has initialised', async () => {
    const { created, clientId } = await made();
    const identity = { application_id: application, client_id: clientId, gateway_uid: null };
    expect(await identityOf(created)).toEqual(identity);
    await service.redeem(clientId);
    expect(await identityOf(created)).toEqual(identity);
    const { resources } = await importBy(TYPE, identity);
    expect(resources).toMatchObject([{ state: { id: created.state.id, gateway_uid: expect.any(String) }, identity }]);
  });

  test('is known by its own UID where the vault knows no client id, which stays null for ever', async () => {
    const { clientId } = await made();
    await service.redeem(clientId);
    hideClientIds = true;
    const [found] = await service.vault.gateways.list(application);
    const gatewayUid = found!.gatewayUid;
    const id = `${application}/${gatewayUid}`;
    const imported = await terraform.import(TYPE, id);
    expect(imported.state).toMatchObject({ id, client_id: null, gateway_uid: gatewayUid });
    const identity = { application_id: application, client_id: null, gateway_uid: gatewayUid };
    expect(await identityOf(imported)).toEqual(identity);
    expect((await importBy(TYPE, identity)).resources).toMatchObject([{ state: { id }, identity }]);
    expect((await terraform.plan(TYPE, config(), imported)).action).toBe('nothing');
    hideClientIds = false;
    expect((await terraform.refresh(imported))?.state).toEqual(imported.state);
  });

  test('of a state that has its client id is found when the vault has forgotten that', async () => {
    const { created, clientId } = await made();
    await service.redeem(clientId);
    const ready = (await terraform.refresh(created))!;
    hideClientIds = true;
    expect((await terraform.refresh(ready))?.state).toEqual(ready.state);
  });

  test.each<[string, ObjectValue]>([
    ['neither', {}],
    ['both', { client_id: 'A'.repeat(86), gateway_uid: 'A'.repeat(22) }],
  ])('is not imported by %s of its ids', async (given, ids) => {
    const { resources, diagnostics } = await importBy(TYPE, {
      application_id: application,
      client_id: null,
      gateway_uid: null,
      ...ids,
    });
    expect(resources).toEqual([]);
    expect(diagnostics).toMatchObject([{ severity: 'error', detail: expect.stringContaining(`got ${given}`) }]);
  });
});

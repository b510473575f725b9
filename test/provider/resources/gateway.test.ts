import { type ObjectValue, UNKNOWN } from '../../../provider/framework';
import { type RealService, realService } from './real-service';
import { type Stored, Terraform } from './terraform';

const TYPE = 'ksm_gateway';

let service: RealService;
let terraform: Terraform;
let application: string;
beforeAll(async () => {
  service = await realService();
});
afterAll(() => service.close());
beforeEach(async () => {
  terraform = new Terraform({ endpoint: service.endpoint, token: service.token });
  application = (await service.vault.applications.create({ name: `app ${Math.random()}` })).id;
});

const config = (change: ObjectValue = {}): ObjectValue => ({ application_id: application, name: 'edge', ...change });
const gateways = () => service.vault.gateways.list(application);
const initialised = async (stored: Stored) => {
  await service.redeem(String(stored.state.client_id));
  return (await terraform.refresh(stored))!;
};

test('a gateway is created with defaults, without a UID as yet', async () => {
  const { state } = await terraform.apply(TYPE, config());
  expect(state).toEqual({
    id: `${application}/${String(state.client_id)}`,
    application_id: application,
    name: 'edge',
    initialization: 'token',
    token_expires_in_minutes: 60,
    reissue: 'unredeemed',
    rotation_triggers: null,
    seal_to_public_key: null,
    client_id: expect.stringMatching(/^[\w-]{86}$/),
    hostname: '127.0.0.1:8443',
    one_time_token: expect.stringMatching(/^[\w-]{43}$/),
    config: null,
    sealed_one_time_token: null,
    sealed_config: null,
    created_at: '2030-01-01T00:00:00.000Z',
    token_expires_at: '2030-01-01T01:00:00.000Z',
    gateway_uid: null,
  });
});

test('a refresh finds the UID once the gateway has initialised, and that plans nothing', async () => {
  const created = await terraform.apply(TYPE, config());
  expect((await terraform.plan(TYPE, config(), created)).action).toBe('nothing');
  const { state } = await initialised(created);
  expect(state).toEqual({ ...created.state, gateway_uid: expect.stringMatching(/^[\w-]{22}$/) });
  expect((await terraform.plan(TYPE, config(), created)).action).toBe('nothing');
});

test('a gateway is replaced under another name until it has initialised', async () => {
  const created = await terraform.apply(TYPE, config());
  const renamed = config({ name: 'other "name" ${x} \\ é' });
  expect(await terraform.plan(TYPE, renamed, created)).toMatchObject({ action: 'replace', replacedBy: ['name'] });
  const replaced = await terraform.apply(TYPE, renamed, created);
  expect(await gateways()).toMatchObject([{ id: replaced.state.id, name: 'other "name" ${x} \\ é' }]);
});

test('a gateway is renamed in place once it has initialised', async () => {
  const ready = await initialised(await terraform.apply(TYPE, config()));
  expect((await terraform.plan(TYPE, config({ name: 'other' }), ready)).action).toBe('update');
  const renamed = await terraform.apply(TYPE, config({ name: 'other' }), ready);
  expect(renamed.state).toEqual({ ...ready.state, name: 'other' });
  expect(await gateways()).toMatchObject([{ id: ready.state.id, name: 'other' }]);
});

test('a rename behind our back is planned back in place', async () => {
  const ready = await initialised(await terraform.apply(TYPE, config()));
  await service.vault.gateways.rename(application, String(ready.state.client_id), 'drifted');
  expect((await terraform.plan(TYPE, config(), ready)).action).toBe('update');
  await terraform.apply(TYPE, config(), ready);
  expect(await gateways()).toMatchObject([{ name: 'edge' }]);
});

test.each<[string, ObjectValue]>([
  ['rotation_triggers', { rotation_triggers: { v: '2' } }],
  ['application_id', { application_id: '0Zq7rJmNBqKIl0mLkAJhMg' }],
])('a change of %s replaces', async (name, change) => {
  const ready = await initialised(await terraform.apply(TYPE, config()));
  expect((await terraform.plan(TYPE, config(change), ready)).replacedBy).toEqual([name]);
});

test('a gateway that was removed behind our back is planned again, and its removal succeeds', async () => {
  const created = await terraform.apply(TYPE, config());
  await service.vault.gateways.remove(application, String(created.state.client_id));
  expect((await terraform.plan(TYPE, config(), created)).action).toBe('create');
  await terraform.destroy(created);
});

test('a destroyed gateway is gone from the vault', async () => {
  await terraform.destroy(await terraform.apply(TYPE, config()));
  expect(await gateways()).toEqual([]);
});

describe('a gateway whose application has no editable grant', () => {
  const UNGRANTED = 'The gateway has nothing that it may change';
  const warnings = () => terraform.diagnostics.filter(({ summary }) => summary === UNGRANTED);
  const grant = (editable: boolean) =>
    service.vault.grants.put({
      applicationId: application,
      secretUid: service.uids.folder,
      editable,
      createOnly: false,
    });

  test('is made with a warning, at plan and where it is made', async () => {
    await grant(false);
    expect((await terraform.plan(TYPE, config())).warnings).toEqual([UNGRANTED]);
    expect(warnings()).toMatchObject([{ path: ['application_id'], detail: expect.stringContaining('depends_on') }]);
    const created = await terraform.apply(TYPE, config());
    // Planned and made by one process, which says it once.
    expect(warnings()).toHaveLength(2);
    expect((await terraform.plan(TYPE, config(), created)).warnings).toEqual([]);
  });

  test('gets the warning where it is made, if the application was not known at plan', async () => {
    const [plan] = [await terraform.plan(TYPE, config({ application_id: UNKNOWN }))];
    expect(plan.warnings).toEqual([]);
    await terraform.process(async (server) => {
      const planned = { ...plan.planned, application_id: application };
      const change = { typeName: TYPE, prior: null, planned, config: null, private: new Uint8Array(0) };
      const { diagnostics } = await server.applyResource(change);
      expect(diagnostics.map(({ summary }) => summary)).toEqual([UNGRANTED]);
    });
  });

  test('is the only one that gets it', async () => {
    await grant(true);
    await terraform.apply(TYPE, config());
    expect(terraform.diagnostics).toEqual([]);
  });
});

describe('an imported gateway', () => {
  const byHand = () =>
    service.vault.gateways.create({ applicationId: application, name: 'edge', tokenExpiresInMinutes: 30 });

  test('is found by its client id or its own UID, has one id, and plans nothing', async () => {
    const { id, clientId } = await byHand();
    await service.redeem(clientId);
    const [found] = await gateways();
    const byClientId = await terraform.import(TYPE, id);
    const byUid = await terraform.import(TYPE, `${application}/${found!.gatewayUid}`);
    expect(byUid.state).toEqual(byClientId.state);
    expect(byUid.state).toMatchObject({
      id,
      client_id: clientId,
      gateway_uid: found!.gatewayUid,
      one_time_token: null,
    });
    expect((await terraform.plan(TYPE, config(), byUid)).action).toBe('nothing');
    const triggers = config({ rotation_triggers: { v: '1' }, token_expires_in_minutes: 5 });
    expect((await terraform.plan(TYPE, triggers, byUid)).action).toBe('update');
    expect((await terraform.plan(TYPE, config({ name: 'other' }), byUid)).action).toBe('update');
  });

  test('is replaced under another name while it has not initialised', async () => {
    const imported = await terraform.import(TYPE, (await byHand()).id);
    expect((await terraform.plan(TYPE, config({ name: 'other' }), imported)).replacedBy).toEqual(['name']);
  });

  test('is not found by what is no id, and not where it does not exist', async () => {
    await expect(terraform.import(TYPE, `${application}/edge`)).rejects.toThrow(/malformed.*gateway UID/s);
    await expect(terraform.import(TYPE, `${application}/0Zq7rJmNBqKIl0mLkAJhMg`)).rejects.toThrow(/no such gateway/);
  });
});

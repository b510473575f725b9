import { type ObjectValue, UNKNOWN } from '../../../provider/framework';
import { type RealService, realService } from './real-service';
import { Terraform } from './terraform';

const TYPE = 'ksm_client_device';
const NEVER_ISSUED = '0Zq7rJmNBqKIl0mLkAJhMg';

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

const config = (change: ObjectValue = {}): ObjectValue => ({ application_id: application, name: 'ci', ...change });
const devices = () => service.vault.devices.list(application);

test('a device is created with defaults, and its token is handed out once', async () => {
  const { state } = await terraform.apply(TYPE, config());
  expect(state).toEqual({
    id: `${application}/${String(state.client_id)}`,
    application_id: application,
    name: 'ci',
    ip_lock: true,
    access_expires_in_minutes: null,
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
    access_expires_at: null,
  });
});

test('everything that can be configured reaches the vault', async () => {
  const everything = {
    ip_lock: false,
    access_expires_in_minutes: 90,
    token_expires_in_minutes: 5,
    rotation_triggers: { 'quote "': '${x}' },
  };
  const { state } = await terraform.apply(TYPE, config(everything));
  expect(state).toMatchObject({
    ...everything,
    token_expires_at: '2030-01-01T00:05:00.000Z',
    access_expires_at: '2030-01-01T01:30:00.000Z',
  });
  expect(await devices()).toMatchObject([{ name: 'ci', ipLock: false, accessExpiresAt: state.access_expires_at }]);
});

test('a redeemed token stays in the state as issued and plans nothing', async () => {
  const created = await terraform.apply(TYPE, config());
  await service.redeem(String(created.state.client_id));
  expect(await terraform.refresh(created)).toEqual(created);
  expect((await terraform.plan(TYPE, config(), created)).action).toBe('nothing');
});

test('a refresh says what the vault says of name and IP lock, and leaves the rest as issued', async () => {
  const created = await terraform.apply(TYPE, config());
  const other = { name: 'drifted', ip_lock: false, hostname: 'then.example.com', one_time_token: 'as issued' };
  const refreshed = await terraform.refresh({ ...created, state: { ...created.state, ...other } });
  expect(refreshed?.state).toEqual({
    ...created.state,
    hostname: other.hostname,
    one_time_token: other.one_time_token,
  });
});

test.each<[string, ObjectValue]>([
  ['name', { name: 'other' }],
  ['ip_lock', { ip_lock: false }],
  ['access_expires_in_minutes', { access_expires_in_minutes: 60 }],
  ['rotation_triggers', { rotation_triggers: { v: '2' } }],
  ['rotation_triggers', { rotation_triggers: { v: UNKNOWN } }],
  ['application_id', { application_id: NEVER_ISSUED }],
  ['application_id', { application_id: UNKNOWN }],
])('a change of %s replaces', async (name, change) => {
  const created = await terraform.apply(TYPE, config());
  expect(await terraform.plan(TYPE, config(change), created)).toMatchObject({ action: 'replace', replacedBy: [name] });
});

test('no triggers and an empty map of them are the same', async () => {
  const created = await terraform.apply(TYPE, config());
  expect((await terraform.plan(TYPE, config({ rotation_triggers: {} }), created)).replacedBy).toEqual([]);
  const empty = await terraform.apply(TYPE, config({ rotation_triggers: {} }), created);
  expect(empty.state.client_id).toBe(created.state.client_id);
  expect((await terraform.plan(TYPE, config(), empty)).replacedBy).toEqual([]);
});

test('a replacement issues a new token and revokes the old device', async () => {
  const created = await terraform.apply(TYPE, config({ rotation_triggers: { v: '1' } }));
  const replaced = await terraform.apply(TYPE, config({ rotation_triggers: { v: '2' } }), created);
  expect(replaced.state.one_time_token).not.toBe(created.state.one_time_token);
  expect((await devices()).map(({ id }) => id)).toEqual([replaced.state.id]);
});

test('the life of the next token changes in place, and the one that was issued keeps its end', async () => {
  const created = await terraform.apply(TYPE, config());
  const change = config({ token_expires_in_minutes: 10 });
  expect((await terraform.plan(TYPE, change, created)).action).toBe('update');
  const changed = await terraform.apply(TYPE, change, created);
  expect(changed.state).toEqual({ ...created.state, token_expires_in_minutes: 10 });
});

test('a device that was removed behind our back is planned again, and its removal succeeds', async () => {
  const created = await terraform.apply(TYPE, config());
  await service.vault.devices.remove(application, String(created.state.client_id));
  expect((await terraform.plan(TYPE, config(), created)).action).toBe('create');
  await terraform.destroy(created);
});

test('a device of an application that does not exist points at application_id', async () => {
  await expect(terraform.apply(TYPE, config({ application_id: NEVER_ISSUED }))).rejects.toThrow(
    /\(application_id\).*application_not_found\. Request id: [\w-]+\./s,
  );
});

test.each<[string, ObjectValue]>([
  ['application_id', { application_id: 'x' }],
  ['name', { name: '' }],
  ['access_expires_in_minutes', { access_expires_in_minutes: 0 }],
  ['initialization', { initialization: 'file' }],
  ['reissue', { reissue: 'always' }],
  ['token_expires_in_minutes', { token_expires_in_minutes: 0 }],
  ['token_expires_in_minutes', { token_expires_in_minutes: 1441 }],
  ['token_expires_in_minutes', { token_expires_in_minutes: 1.5 }],
  ['one_time_token', { one_time_token: 'mine' }],
  ['client_id', { client_id: 'mine' }],
])('validate refuses a wrong %s at its attribute', async (name, change) => {
  await expect(terraform.plan(TYPE, config(change))).rejects.toThrow(`(${name}): `);
});

describe('an imported device', () => {
  const byHand = async (input: { ipLock?: boolean; accessExpiresInMinutes?: number } = {}) => {
    const fixed = { applicationId: application, name: 'ci', tokenExpiresInMinutes: 30 };
    const made = await service.vault.devices.create({ ...fixed, ipLock: true, ...input });
    return terraform.import(TYPE, made.id);
  };

  test('has what the vault reports, defaults for the rest, and no token', async () => {
    const { state } = await byHand({ accessExpiresInMinutes: 90 });
    expect(state).toMatchObject({
      id: `${application}/${String(state.client_id)}`,
      name: 'ci',
      ip_lock: true,
      access_expires_in_minutes: 90,
      initialization: 'token',
      token_expires_in_minutes: 60,
      rotation_triggers: null,
      hostname: '127.0.0.1:8443',
      one_time_token: null,
      token_expires_at: '2030-01-01T00:30:00.000Z',
      access_expires_at: '2030-01-01T01:30:00.000Z',
    });
  });

  test('plans nothing where the configuration has the defaults', async () => {
    expect((await terraform.plan(TYPE, config(), await byHand())).action).toBe('nothing');
  });

  test.each<[string, ObjectValue]>([
    ['token_expires_in_minutes', { token_expires_in_minutes: 10 }],
    ['rotation_triggers', { rotation_triggers: { v: '1' } }],
  ])('adopts another %s in place, once', async (_, change) => {
    const imported = await byHand();
    expect((await terraform.plan(TYPE, config(change), imported)).action).toBe('update');
    const adopted = await terraform.apply(TYPE, config(change), imported);
    expect(adopted.state).toEqual({ ...imported.state, ...change });
    expect((await terraform.plan(TYPE, config(change), adopted)).action).toBe('nothing');
    const rotated = await terraform.plan(TYPE, config({ rotation_triggers: { v: '2' } }), adopted);
    expect(rotated.replacedBy).toEqual(['rotation_triggers']);
  });

  test('adopts the end of its access to the minute, and is replaced by another', async () => {
    const imported = await byHand({ accessExpiresInMinutes: 90 });
    const plan = (minutes: number) => terraform.plan(TYPE, config({ access_expires_in_minutes: minutes }), imported);
    expect((await plan(90)).action).toBe('nothing');
    expect((await plan(91)).action).toBe('update');
    expect((await plan(92)).replacedBy).toEqual(['access_expires_in_minutes']);
    expect((await terraform.plan(TYPE, config(), imported)).replacedBy).toEqual(['access_expires_in_minutes']);
  });

  test('is replaced where the vault reports something else than is configured', async () => {
    const imported = await byHand({ ipLock: false });
    expect((await terraform.plan(TYPE, config(), imported)).replacedBy).toEqual(['ip_lock']);
    const renamed = config({ ip_lock: false, name: 'other' });
    expect((await terraform.plan(TYPE, renamed, imported)).replacedBy).toEqual(['name']);
  });

  test('is found by its name, whatever that is made of', async () => {
    const name = 'a/b=c "é" ${x} name=';
    const fixed = { applicationId: application, name, tokenExpiresInMinutes: 30, ipLock: true };
    const { id } = await service.vault.devices.create(fixed);
    expect((await terraform.import(TYPE, `${application}/name=${name}`)).state).toMatchObject({ id, name });
    await expect(terraform.import(TYPE, `${application}/name=a`)).rejects.toThrow(/no such client device/);
    await expect(terraform.import(TYPE, `${application}/name=`)).rejects.toThrow(/malformed/);
  });

  test('is not found by a name that several have, and is told their ids', async () => {
    const ids = [(await byHand()).state.id, (await byHand()).state.id];
    const refused = terraform.import(TYPE, `${application}/name=ci`);
    await expect(refused).rejects.toThrow(/Several client devices.*got 2/s);
    for (const id of ids) await expect(refused).rejects.toThrow(`  - ${String(id)} (pending, created 2030-`);
  });

  test('is not found by what is no id, and not where it does not exist', async () => {
    await expect(terraform.import(TYPE, `${application}/ci`)).rejects.toThrow(/malformed.*client id/s);
    await expect(terraform.import(TYPE, `${application}/${'A'.repeat(86)}`)).rejects.toThrow(/no such client device/);
    await expect(terraform.import(TYPE, `${NEVER_ISSUED}/${'A'.repeat(86)}`)).rejects.toThrow(/no such client device/);
  });
});

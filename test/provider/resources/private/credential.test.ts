import sodium from 'libsodium-wrappers';
import { type ObjectValue, UNKNOWN } from '../../../../provider/framework';
import { alteredReplies } from '../altered-replies';
import { type RealService, realService } from '../real-service';
import { Terraform } from '../terraform';

const FOUR = ['one_time_token', 'config', 'sealed_one_time_token', 'sealed_config'];

let service: RealService;
let terraform: Terraform;
let application: string;
let keys: { publicKey: Uint8Array; privateKey: Uint8Array };
let key: string;
beforeAll(async () => {
  service = await realService();
  await sodium.ready;
  keys = sodium.crypto_box_keypair();
  key = Buffer.from(keys.publicKey).toString('base64');
});
afterAll(() => service.close());
beforeEach(async () => {
  terraform = new Terraform({ endpoint: service.endpoint, token: service.token });
  application = (await service.vault.applications.create({ name: `app ${Math.random()}` })).id;
});

const config = (change: ObjectValue = {}): ObjectValue => ({ application_id: application, name: 'one', ...change });
const opened = (box: unknown) =>
  Buffer.from(
    sodium.crypto_box_seal_open(Buffer.from(String(box), 'base64'), keys.publicKey, keys.privateKey),
  ).toString();

describe.each(['ksm_client_device', 'ksm_gateway'])('%s', (type) => {
  const unlocked: ObjectValue = type === 'ksm_gateway' ? {} : { ip_lock: false };
  const configuration = { initialization: 'config', ...unlocked };

  test.each<[string, () => ObjectValue, string]>([
    ['a token', () => ({}), 'one_time_token'],
    ['a configuration', () => configuration, 'config'],
    ['a sealed token', () => ({ seal_to_public_key: key }), 'sealed_one_time_token'],
    ['a sealed configuration', () => ({ ...configuration, seal_to_public_key: key }), 'sealed_config'],
  ])('%s is planned where it will be, null is planned for the others, and so it is made', async (_, change, name) => {
    const { planned } = await terraform.plan(type, config(change()));
    const others = FOUR.filter((one) => one !== name);
    expect(FOUR.filter((one) => planned[one] === UNKNOWN)).toEqual([name]);
    for (const other of others) expect(planned[other]).toBeNull();
    const created = await terraform.apply(type, config(change()));
    expect(created.state[name]).toEqual(expect.stringMatching(/^\S{43,}$/));
    for (const other of others) expect(created.state[other]).toBeNull();
    expect(await terraform.refresh(created)).toEqual(created);
    expect((await terraform.plan(type, config(change()), created)).action).toBe('nothing');
  });

  test('what depends on values that are not known yet is not known either', async () => {
    const unknownOf = async (change: ObjectValue) => {
      const { planned } = await terraform.plan(type, config({ ...unlocked, ...change }));
      return FOUR.filter((name) => planned[name] === UNKNOWN);
    };
    expect(await unknownOf({ initialization: UNKNOWN })).toEqual(['one_time_token', 'config']);
    expect(await unknownOf({ seal_to_public_key: UNKNOWN })).toEqual(['one_time_token', 'sealed_one_time_token']);
    expect(await unknownOf({ initialization: UNKNOWN, seal_to_public_key: key })).toEqual([
      'sealed_one_time_token',
      'sealed_config',
    ]);
    expect(await unknownOf({ initialization: UNKNOWN, seal_to_public_key: UNKNOWN })).toEqual(FOUR);
  });

  test('a configuration is the base64 form of the JSON that the SDKs store', async () => {
    const { state } = await terraform.apply(type, config(configuration));
    expect(JSON.parse(Buffer.from(String(state.config), 'base64').toString())).toMatchObject({
      hostname: state.hostname,
      clientId: Buffer.from(String(state.client_id), 'base64url').toString('base64'),
      privateKey: expect.any(String),
      appKey: expect.any(String),
    });
  });

  test('the owner of the key alone opens what is sealed', async () => {
    const token = await terraform.apply(type, config({ seal_to_public_key: key }));
    expect(opened(token.state.sealed_one_time_token)).toMatch(/^[\w-]{43}$/);
    const made = await terraform.apply(type, config({ ...configuration, seal_to_public_key: key, name: 'other' }));
    expect(JSON.parse(Buffer.from(opened(made.state.sealed_config), 'base64').toString())).toHaveProperty('privateKey');
    const other = sodium.crypto_box_keypair();
    const box = Buffer.from(String(token.state.sealed_one_time_token), 'base64');
    expect(() => sodium.crypto_box_seal_open(box, other.publicKey, other.privateKey)).toThrow();
  });

  test.each<[string, () => ObjectValue]>([
    ['initialization', () => configuration],
    ['seal_to_public_key', () => ({ seal_to_public_key: key, ...unlocked })],
    ['seal_to_public_key', () => ({ seal_to_public_key: UNKNOWN, ...unlocked })],
  ])('a change of %s replaces', async (name, change) => {
    const created = await terraform.apply(type, config(unlocked));
    expect((await terraform.plan(type, config(change()), created)).replacedBy).toEqual([name]);
  });

  test('an import adopts in place how the credential was issued, which no vault reports', async () => {
    const created = await terraform.apply(type, config(unlocked));
    const imported = await terraform.import(type, String(created.state.id));
    for (const name of FOUR) expect(imported.state[name]).toBeNull();
    const change = { ...configuration, seal_to_public_key: key, reissue: 'never', rotation_triggers: { v: '1' } };
    expect((await terraform.plan(type, config(change), imported)).action).toBe('update');
    const adopted = await terraform.apply(type, config(change), imported);
    expect(adopted.state).toEqual({ ...imported.state, ...change });
  });

  test.each<[string, string]>([
    ['31 bytes', Buffer.alloc(31, 7).toString('base64')],
    ['33 bytes', Buffer.alloc(33, 7).toString('base64')],
    ['base64url', Buffer.alloc(32, 0xfb).toString('base64url')],
    ['hex', Buffer.alloc(32, 7).toString('hex')],
    ['no padding', Buffer.alloc(32, 7).toString('base64').replace('=', '')],
    ['nothing', ''],
  ])('validate refuses a key of %s at its attribute', async (_, wrong) => {
    await expect(terraform.plan(type, config({ seal_to_public_key: wrong }))).rejects.toThrow(
      /\(seal_to_public_key\): Expected a Curve25519 public key: 32 bytes/,
    );
  });

  test('a key that anybody could open is refused by the apply, at its attribute', async () => {
    const zero = Buffer.alloc(32).toString('base64');
    await expect(terraform.apply(type, config({ seal_to_public_key: zero }))).rejects.toThrow(/\(seal_to_public_key\)/);
  });
});

describe('a configuration for a device that is locked to an IP address', () => {
  const validate = async (change: ObjectValue) => {
    await terraform.plan('ksm_client_device', config({ initialization: 'config', ...change }));
  };

  test.each<[string, ObjectValue]>([
    ['not set', {}],
    ['not set', { ip_lock: null }],
    ['true', { ip_lock: true }],
  ])('is refused by validate with the reason when ip_lock is %s', async (_, change) => {
    await expect(validate(change)).rejects.toThrow(
      /\(ip_lock\): .*bound from the address of the service.*ip_lock = false/s,
    );
  });

  test('is not refused while one of the two is not known', async () => {
    await validate({ ip_lock: UNKNOWN });
    await validate({ initialization: UNKNOWN });
  });
});

test('a vault that makes tokens alone refuses the rest at plan, with its reason', async () => {
  const line = await alteredReplies(service.endpoint, {
    alter: (_, json) =>
      json
        .replace('"initialization.config",', '')
        .replace('"seal",', '')
        .replace('"unsupported":[]', '"unsupported":[{"feature":"seal","reason":"It is of before."}]'),
  });
  const limited = new Terraform({ endpoint: line.endpoint, token: service.token });
  const plan = (change: ObjectValue) => limited.plan('ksm_client_device', config(change));
  await expect(plan({ initialization: 'config', ip_lock: false })).rejects.toThrow(
    /\(initialization\): .*does not offer "initialization.config"/,
  );
  await expect(plan({ seal_to_public_key: key })).rejects.toThrow(/\(seal_to_public_key\): .*It is of before\./);
  expect((await plan({})).action).toBe('create');
  await line.close();
});

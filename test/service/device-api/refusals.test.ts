import { BODY_LIMIT_BYTES } from '../../../contract/limits';
import { createDeviceApi, type DeviceApi } from '../../../service/device-api/device-api';
import { fillVault, type TemporaryVault, temporaryVault } from '../vault/temporary-vault';
import { type Tampering, TestDevice } from './test-device';

let temporary: TemporaryVault;
let api: DeviceApi;
let applicationId: string;
const failures: unknown[] = [];

beforeEach(async () => {
  temporary = await temporaryVault();
  const { vault, clock } = temporary;
  api = createDeviceApi({ vault, clock, onFailure: (error) => failures.push(error) });
  applicationId = (await vault.applications.create({ name: 'payments' })).id;
});
afterEach(async () => {
  await temporary.close();
  expect(failures.splice(0)).toEqual([]);
});

async function newDevice(more: { ipLock?: boolean; accessExpiresInMinutes?: number } = {}) {
  const { vault } = temporary;
  const settings = { applicationId, name: 'ci', ipLock: false, tokenExpiresInMinutes: 60, ...more };
  return new TestDevice(api, vault, (await vault.devices.create(settings)).oneTimeToken);
}
const boundDevice = async (more: { ipLock?: boolean; accessExpiresInMinutes?: number } = {}) => {
  const device = await newDevice(more);
  expect((await device.bind()).status).toBe(200);
  return device;
};
const denied = (message: string) => ({
  status: 403,
  contentType: 'application/json',
  json: { error: 'access_denied', message: expect.stringContaining(message) },
});

test('a token is good for one device: a second key is refused', async () => {
  const first = await boundDevice();
  const second = await newDevice();
  const thief = new TestDevice(api, temporary.vault, '');
  Object.assign(thief, { clientId: first.clientId });
  expect(await thief.bind()).toMatchObject(denied('redeemed already'));
  expect((await first.send()).status).toBe(200);
  expect((await second.bind()).status).toBe(200);
});

test('of two devices that redeem one token at the same moment one is let in', async () => {
  const device = await newDevice();
  const rival = new TestDevice(api, temporary.vault, '');
  Object.assign(rival, { clientId: device.clientId });
  const statuses = (await Promise.all([device.bind(), rival.bind()])).map(({ status }) => status);
  expect(statuses.sort()).toEqual([200, 403]);
});

test('a device that lost the reply to its bind gets it again with the same key', async () => {
  const device = await newDevice();
  const first = device.appKey((await device.bind()).json);
  const again = await device.bind();
  expect(again.status).toBe(200);
  expect(device.appKey(again.json)).toEqual(first);
  expect((await device.send()).json).not.toHaveProperty('encryptedAppKey');
});

test('a token that expired binds nobody, and a device that bound in time keeps reading', async () => {
  const late = await newDevice();
  const early = await boundDevice();
  temporary.passMinutes(60);
  expect(await late.bind()).toMatchObject(denied('token expired at 2030-01-01T01:00:00.000Z'));
  expect((await early.send()).status).toBe(200);
});

test('access that ended is refused, to binding and reading', async () => {
  const bound = await boundDevice({ accessExpiresInMinutes: 10 });
  const unbound = await newDevice({ accessExpiresInMinutes: 10 });
  expect((await bound.send()).json.expiresOn).toBe(temporary.clock.now() + 600_000);
  temporary.passMinutes(10);
  expect(await bound.send()).toMatchObject(denied('ended at 2030-01-01T00:10:00.000Z'));
  expect(await unbound.bind()).toMatchObject(denied('ended'));
});

test('a locked device is let in from the address it came from first', async () => {
  const locked = await newDevice({ ipLock: true });
  expect((await locked.bind({ ip: '::ffff:10.0.0.1' })).status).toBe(200);
  expect((await locked.send({ ip: '10.0.0.1' })).status).toBe(200);
  expect(await locked.send({ ip: '10.0.0.2' })).toMatchObject(denied('10.0.0.2'));
  const open = await boundDevice({ ipLock: false });
  expect((await open.send({ ip: '10.0.0.2' })).status).toBe(200);
});

test('a revoked device is refused at once', async () => {
  const device = await boundDevice();
  await temporary.vault.devices.remove(applicationId, device.clientId);
  expect(await device.send()).toMatchObject(denied('no such client device'));
});

test('an unknown client and one that has not redeemed its token are refused', async () => {
  const device = await newDevice();
  expect(await device.send()).toMatchObject(denied('not redeemed'));
  expect(await device.bind({ verb: 'get_folders' })).toMatchObject(denied('not redeemed'));
  expect(await new TestDevice(api, temporary.vault, 'unknown').bind()).toMatchObject(denied('no such client device'));
});

test('a signature of another key, or of other bytes, is refused and binds nothing', async () => {
  const device = await newDevice();
  const other = new TestDevice(api, temporary.vault, 'other');
  expect(await device.bind({ payload: { publicKey: other.publicKey.toString('base64') } })).toMatchObject(
    denied('Signature is invalid'),
  );
  const flipped = (bytes: Buffer) => Buffer.concat([bytes.subarray(0, -1), Buffer.of(bytes.at(-1)! ^ 1)]);
  expect(await device.bind({ signature: flipped })).toMatchObject(denied('Signature is invalid'));
  expect(await device.bind({ payload: { publicKey: Buffer.alloc(65, 4).toString('base64') } })).toMatchObject(
    denied('Signature is invalid'),
  );
  expect((await device.bind()).status).toBe(200);
  expect(await device.send({ signature: flipped })).toMatchObject(denied('Signature is invalid'));
});

const malformed: [string, Tampering, object][] = [
  ['a body that was changed', { body: (body) => Buffer.concat([body, Buffer.of(0)]) }, { error: 'bad_request' }],
  ['an empty body', { body: () => Buffer.alloc(0) }, { error: 'bad_request' }],
  ['a transmission key that does not open', { headers: { transmissionKey: 'AAAA' } }, { error: 'bad_request' }],
  ['no transmission key', { headers: { transmissionKey: undefined } }, { error: 'bad_request' }],
  ['no signature', { headers: { authorization: undefined } }, { error: 'bad_request' }],
  ['another scheme', { headers: { authorization: 'Bearer x' } }, { error: 'bad_request' }],
  ['no client version', { payload: { clientVersion: null } }, { error: 'invalid_client_version' }],
  ['a bad client version', { payload: { clientVersion: '17.5.0' } }, { error: 'invalid_client_version' }],
  ['a client id of another length', { payload: { clientId: 'AAAA' } }, { error: 'bad_request' }],
  ['a public key of another length', { payload: { publicKey: 'AAAA' } }, { error: 'bad_request' }],
  ['a filter that is no list', { payload: { requestedRecords: 'x' } }, { error: 'bad_request' }],
];
test.each(malformed)('%s is refused in words', async (_, tampering, json) => {
  const device = await newDevice();
  expect(await device.bind(tampering)).toMatchObject({
    status: 400,
    contentType: 'application/json',
    json: { ...json, message: expect.any(String) },
  });
  expect((await device.bind()).status).toBe(200);
});

test('another server key is answered by the id of ours', async () => {
  const device = await newDevice();
  expect(await device.bind({ headers: { publicKeyId: '10' } })).toMatchObject({
    status: 401,
    json: { error: 'key', key_id: temporary.vault.keys.server.id },
  });
});

test('the Python SDK, which shows additional_info alone, is told about its version too', async () => {
  const device = await newDevice();
  const { json } = await device.bind({ payload: { clientVersion: 'x' } });
  expect(json.additional_info).toBe(json.message);
});

test('a body over the limit is refused before any work is done on it', async () => {
  const device = await newDevice();
  expect(await device.bind({ body: () => Buffer.alloc(BODY_LIMIT_BYTES + 1) })).toMatchObject({
    status: 400,
    json: { error: 'bad_request', message: expect.stringContaining(String(BODY_LIMIT_BYTES)) },
  });
});

test.each(['toString', 'constructor', 'get_everything', ''])('the verb %j is not_found', async (verb) => {
  const device = await newDevice();
  expect(await device.bind({ verb })).toMatchObject({ status: 404, json: { error: 'not_found' } });
});

test.each(['update_secret', 'create_secret', 'delete_secret', 'create_folder', 'add_file', 'finalize_secret_update'])(
  '%s is authenticated and then refused in words',
  async (verb) => {
    const device = await boundDevice();
    expect(await device.send({ verb })).toMatchObject({
      status: 501,
      json: { error: 'not_supported', message: expect.stringContaining(verb) },
    });
    const stranger = new TestDevice(api, temporary.vault, 'stranger');
    expect(await stranger.send({ verb })).toMatchObject(denied('no such client device'));
  },
);

describe('throttling', () => {
  beforeEach(async () => {
    const { vault, clock } = temporary;
    api = createDeviceApi({ vault, clock, onFailure: (error) => failures.push(error), throttleRequests: 3 });
  });

  test('a device that asks too often is told when to come back, and others are not affected', async () => {
    const device = await boundDevice();
    const other = await boundDevice();
    await device.send();
    await device.send();
    expect(await device.send()).toMatchObject({ status: 403, json: { error: 'throttled', retry_after: 10 } });
    expect((await device.send({ verb: 'get_folders' })).status).toBe(200);
    expect((await other.send()).status).toBe(200);
    temporary.passMinutes(9.5 / 60);
    expect(await device.send()).toMatchObject({ json: { error: 'throttled', retry_after: 1 } });
    temporary.passMinutes(0.5 / 60);
    expect((await device.send()).status).toBe(200);
  });

  test('setting the clock of the machine keeps no device waiting', async () => {
    const device = await boundDevice();
    await device.send();
    temporary.setClock(-60);
    temporary.passMinutes(10 / 60);
    expect((await device.send()).status).toBe(200);
    expect((await device.send()).status).toBe(200);
  });

  test('a stranger cannot use up the requests of a device', async () => {
    const device = await boundDevice();
    const stranger = new TestDevice(api, temporary.vault, '');
    Object.assign(stranger, { clientId: device.clientId });
    for (let request = 0; request < 5; request++) {
      expect(await stranger.send()).toMatchObject(denied('Signature is invalid'));
    }
    expect((await device.send()).status).toBe(200);
  });
});

describe('the callback of a bind', () => {
  test('it is told once, of devices and gateways, in the transaction of the bind', async () => {
    const { vault, clock, database } = temporary;
    const bound: unknown[] = [];
    const onBind = async (event: { clientId: string; kind: string }) => {
      bound.push(event);
      const { public_key } = await database.db
        .selectFrom('client_devices')
        .select('public_key')
        .where('client_id', '=', event.clientId)
        .executeTakeFirstOrThrow();
      expect(public_key).not.toBeNull();
    };
    api = createDeviceApi({ vault, clock, onBind, onFailure: (error) => failures.push(error) });
    const device = await boundDevice();
    await device.send();
    await device.bind();
    const created = await vault.gateways.create({ applicationId, name: 'gw', tokenExpiresInMinutes: 60 });
    await new TestDevice(api, vault, created.oneTimeToken).bind();
    expect(bound).toEqual([
      { applicationId, clientId: device.clientId, kind: 'device' },
      { applicationId, clientId: created.clientId, kind: 'gateway' },
    ]);
    expect(await vault.gateways.get(applicationId, created.clientId)).toMatchObject({ status: 'active' });
  });

  test('an error in it undoes the bind and tells the device nothing', async () => {
    const { vault, clock } = temporary;
    const onBind = async () => {
      throw new Error('the audit table is gone');
    };
    const reported: unknown[] = [];
    api = createDeviceApi({ vault, clock, onBind, onFailure: (error) => reported.push(error) });
    const device = await newDevice();
    expect(await device.bind()).toMatchObject({
      status: 500,
      json: { error: 'internal_error', message: 'The service failed' },
    });
    expect(reported).toEqual([expect.objectContaining({ message: 'the audit table is gone' })]);
    expect(await vault.devices.get(applicationId, device.clientId)).toMatchObject({ status: 'pending' });
  });
});

test('the use of a device is noted at most once a minute', async () => {
  await fillVault(temporary.vault);
  const device = await boundDevice();
  const lastAccess = async () => (await temporary.vault.devices.get(applicationId, device.clientId)).lastAccessAt;
  const bound = await lastAccess();
  temporary.passMinutes(0.9);
  await device.send();
  expect(await lastAccess()).toBe(bound);
  temporary.passMinutes(0.1);
  await device.send({ verb: 'get_folders' });
  expect(await lastAccess()).toBe('2030-01-01T00:01:00.000Z');
});

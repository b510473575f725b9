import { join } from 'node:path';
import { sql } from 'kysely';
import Libsql from 'libsql';
import { createDeviceApi, type DeviceApi } from '../../../service/device-api/device-api';
import { type TemporaryVault, temporaryVault } from '../vault/temporary-vault';
import { TestDevice } from './test-device';

let temporary: TemporaryVault;
let api: DeviceApi;
let failures: unknown[];
let applicationId: string;

beforeEach(async () => {
  temporary = await temporaryVault();
  const { vault, clock } = temporary;
  failures = [];
  api = createDeviceApi({ vault, clock, onFailure: (error) => failures.push(error) });
  applicationId = (await vault.applications.create({ name: 'payments' })).id;
});
afterEach(() => temporary.close());

const newDevice = async (): Promise<TestDevice> => {
  const { vault } = temporary;
  const settings = { applicationId, name: 'runner', ipLock: false, tokenExpiresInMinutes: 60 };
  return new TestDevice(api, vault, (await vault.devices.create(settings)).oneTimeToken);
};
const writable = (is: boolean) => sql.raw(`PRAGMA query_only = ${is ? 'OFF' : 'ON'}`).execute(temporary.database.db);
const lastAccess = async ({ clientId }: TestDevice) =>
  (await temporary.vault.devices.get(applicationId, clientId)).lastAccessAt;

test('devices read while nothing can be written, and their use is noted once it can', async () => {
  const devices = [await newDevice(), await newDevice()];
  for (const device of devices) {
    await device.bind();
  }
  const [first, second] = devices as [TestDevice, TestDevice];
  const bound = await lastAccess(first);
  await writable(false);
  temporary.passMinutes(2);
  for (const device of devices) {
    for (const verb of ['get_secret', 'get_folders']) {
      expect((await device.send({ verb })).status).toBe(200);
    }
  }
  expect([failures, await lastAccess(first)]).toEqual([[], bound]);
  expect(temporary.database.failures.get('SQLITE_READONLY')).toBeGreaterThan(0);

  await writable(true);
  temporary.passMinutes(1);
  expect((await second.send()).status).toBe(200);
  await temporary.vault.redemption.flush();
  expect(await lastAccess(first)).toBe('2030-01-01T00:02:00.000Z');
  expect(await lastAccess(second)).toBe('2030-01-01T00:03:00.000Z');
});

test('uses that could not be noted are noted when the vault closes', async () => {
  const device = await newDevice();
  await device.bind();
  await writable(false);
  temporary.passMinutes(2);
  await device.send();
  await writable(true);
  await temporary.vault.close();
  expect(await lastAccess(device)).toBe('2030-01-01T00:02:00.000Z');
});

test('devices read while another program holds the database', async () => {
  const device = await newDevice();
  await device.bind();
  const other = new Libsql(join(temporary.folder, 'vault.db'));
  other.exec('BEGIN IMMEDIATE');
  temporary.passMinutes(2);
  expect((await device.send()).status).toBe(200);
  expect((await device.send({ verb: 'get_folders' })).status).toBe(200);
  other.exec('ROLLBACK');
  other.close();
  await temporary.vault.redemption.flush();
  expect(await lastAccess(device)).toBe('2030-01-01T00:02:00.000Z');
});

test('a use that was noted under a clock that has since been set back does not stop later ones', async () => {
  const device = await newDevice();
  await device.bind();
  temporary.passMinutes(-60);
  await device.send();
  await temporary.vault.redemption.flush();
  expect(await lastAccess(device)).toBe('2029-12-31T23:00:00.000Z');
});

test('a token that cannot be redeemed for the disk is refused with the error on which devices try again, and is still good', async () => {
  const device = await newDevice();
  await writable(false);
  const refused = await device.bind();
  expect([refused.status, refused.json]).toEqual([
    403,
    { error: 'throttled', message: 'The vault is not available', retry_after: 5 },
  ]);
  expect(failures).toMatchObject([{ code: 'database_unavailable' }]);
  await writable(true);
  expect((await device.bind()).status).toBe(200);
});

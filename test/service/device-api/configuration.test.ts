/** Configurations that the service binds itself, with the official JavaScript SDK. */

import { getFolders, getSecrets, loadJsonConfig } from '@keeper-security/secrets-manager-core';
import { createDeviceApi, type DeviceApi, type DeviceApiOptions } from '../../../service/device-api/device-api';
import type { Bound } from '../../../service/vault/embedded/redemption';
import { fillVault, type TemporaryVault, temporaryVault } from '../vault/temporary-vault';
import { askDirectly } from './ask-directly';

let temporary: TemporaryVault;
let applicationId: string;
let used: Bound[];

beforeEach(async () => {
  temporary = await temporaryVault();
  used = [];
  const { folder } = await fillVault(temporary.vault);
  applicationId = (await temporary.vault.applications.create({ name: 'payments' })).id;
  await temporary.vault.grants.put({ applicationId, secretUid: folder, editable: false, createOnly: true });
});
afterEach(() => temporary.close());

const newApi = (more: Partial<DeviceApiOptions> = {}): DeviceApi =>
  createDeviceApi({
    vault: temporary.vault,
    clock: temporary.clock,
    onFirstUse: async (client) => {
      used.push(client);
    },
    onFailure: (error) => {
      throw error;
    },
    ...more,
  });
const settings = () => ({ applicationId, name: 'ci', tokenExpiresInMinutes: 60, initialization: 'config' as const });
/** From the configuration alone. */
const sdk = (config: string | null, api: DeviceApi, ip?: string) => ({
  storage: loadJsonConfig(config!),
  queryFunction: askDirectly(api, ip),
});

test('the SDK reads from the configuration alone, and its first use is told once', async () => {
  const api = newApi();
  const { config, clientId } = await temporary.vault.devices.create({ ...settings(), ipLock: false });
  expect(used).toEqual([]);
  const { records, appData } = await getSecrets(sdk(config, api));
  expect(records.map(({ data }) => data.title)).toEqual(['In folder', 'In subfolder']);
  expect(appData.title).toBe('payments');
  expect(await getFolders(sdk(config, api, '10.9.9.9'))).toHaveLength(2);
  expect(used).toEqual([{ applicationId, clientId, kind: 'device' }]);
  expect(await temporary.vault.devices.get(applicationId, clientId)).toMatchObject({
    status: 'active',
    firstAccessAt: new Date(temporary.clock.now()).toISOString(),
    ipAddress: '10.0.0.1',
  });
});

test('a gateway has initialised once its configuration is used, by whatever verb', async () => {
  const { config, clientId } = await temporary.vault.gateways.create(settings());
  await getFolders(sdk(config, newApi()));
  expect(await temporary.vault.gateways.get(applicationId, clientId)).toMatchObject({
    gatewayUid: expect.stringMatching(/^\w/),
    firstAccessAt: expect.any(String),
  });
  expect(used).toEqual([{ applicationId, clientId, kind: 'gateway' }]);
  await temporary.vault.gateways.rename(applicationId, clientId, 'renamed');
});

test('two first uses at once are told as one', async () => {
  const { config } = await temporary.vault.devices.create({ ...settings(), ipLock: false });
  const api = newApi();
  await Promise.all([getSecrets(sdk(config, api)), getSecrets(sdk(config, api)), getFolders(sdk(config, api))]);
  expect(used).toHaveLength(1);
});

test('a first use whose hook fails is told again at the next', async () => {
  const { config } = await temporary.vault.devices.create({ ...settings(), ipLock: false });
  const failing = newApi({
    onFirstUse: () => Promise.reject(new Error('the hook failed')),
    onFailure: () => undefined,
  });
  await expect(getSecrets(sdk(config, failing))).rejects.toThrow('internal_error');
  await getSecrets(sdk(config, newApi()));
  expect(used).toHaveLength(1);
});

test('a revoked configuration is refused at once', async () => {
  const { config, clientId } = await temporary.vault.devices.create({ ...settings(), ipLock: false });
  await temporary.vault.devices.remove(applicationId, clientId);
  await expect(getSecrets(sdk(config, newApi()))).rejects.toThrow('access_denied');
});

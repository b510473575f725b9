/** The official JavaScript SDK, unchanged; its `queryFunction` carries the bytes instead of a socket. */

import {
  getFolders,
  getSecrets,
  getSecrets2,
  initializeStorage,
  inMemoryStorage,
  type KeyValueStorage,
  type SecretManagerOptions,
  updateSecret,
} from '@keeper-security/secrets-manager-core';
import { createDeviceApi, type DeviceApi } from '../../../service/device-api/device-api';
import { fillVault, login, type TemporaryVault, temporaryVault } from '../vault/temporary-vault';
import { askDirectly } from './ask-directly';

let temporary: TemporaryVault;
let api: DeviceApi;
let content: Awaited<ReturnType<typeof fillVault>>;
let applicationId: string;

beforeEach(async () => {
  temporary = await temporaryVault();
  const { vault, clock } = temporary;
  api = createDeviceApi({
    vault,
    clock,
    onFailure: (error) => {
      throw error;
    },
  });
  content = await fillVault(vault);
  applicationId = (await vault.applications.create({ name: 'payments' })).id;
});
afterEach(() => temporary.close());

const grant = (secretUid: string, editable = false) =>
  temporary.vault.grants.put({ applicationId, secretUid, editable, createOnly: false });

/** What an SDK needs beside the storage: where, which server key, and how the bytes get there. */
function options(storage: KeyValueStorage): SecretManagerOptions {
  const { serverPublicKey, serverPublicKeyId } = temporary.vault.deviceApi()!;
  return {
    storage,
    serverPublicKey,
    serverPublicKeyId,
    queryFunction: (...request) => askDirectly(api)(...request),
  };
}

async function newDevice(more: { tokenExpiresInMinutes?: number; accessExpiresInMinutes?: number } = {}) {
  const settings = { applicationId, name: 'ci', ipLock: true, tokenExpiresInMinutes: 60, ...more };
  const { oneTimeToken, hostname } = await temporary.vault.devices.create(settings);
  const storage = inMemoryStorage({});
  await initializeStorage(storage, oneTimeToken!, hostname!);
  return { oneTimeToken, hostname, options: options(storage) };
}

const titles = (secrets: { records: { data: { title: string } }[] }) =>
  secrets.records.map(({ data }) => data.title).sort();

test('it redeems a token and reads what is granted, by folder and by itself, and nothing else', async () => {
  await grant(content.folder, true);
  await grant(content.loneRecord);
  const device = await newDevice({ accessExpiresInMinutes: 90 });
  const secrets = await getSecrets(device.options);
  expect(secrets.appData).toEqual({ title: 'payments', type: 'app' });
  expect(secrets.expiresOn).toEqual(new Date(temporary.clock.now() + 90 * 60_000));
  const byTitle = new Map(secrets.records.map((record) => [record.data.title, record]));
  expect([...byTitle.keys()].sort()).toEqual(['In folder', 'In subfolder', 'Lone']);
  expect(byTitle.get('In folder')).toMatchObject({
    recordUid: content.record,
    folderUid: content.folder,
    revision: 1,
    data: login('In folder', 'canary-password-1'),
  });
  expect(byTitle.get('In folder')).not.toHaveProperty('innerFolderUid');
  expect(byTitle.get('In subfolder')).toMatchObject({
    folderUid: content.folder,
    innerFolderUid: content.subfolder,
    data: login('In subfolder', 'canary-password-2'),
  });
  expect(byTitle.get('Lone')).toMatchObject({
    recordUid: content.loneRecord,
    data: login('Lone', 'canary-password-4'),
  });
});

test('it reads folders with their names and parents', async () => {
  await grant(content.folder);
  await temporary.vault.content.putFolder({ name: 'Zażółć "quoted"', parentUid: content.subfolder });
  const device = await newDevice();
  await getSecrets(device.options);
  expect(await getFolders(device.options)).toEqual([
    { folderUid: content.folder, name: 'Databases' },
    { folderUid: content.subfolder, parentUid: content.folder, name: 'Production' },
    { folderUid: expect.any(String), parentUid: content.subfolder, name: 'Zażółć "quoted"' },
  ]);
});

test('an application without grants has no secrets and no folders', async () => {
  const device = await newDevice();
  expect((await getSecrets(device.options)).records).toEqual([]);
  expect(await getFolders(device.options)).toEqual([]);
});

test('what is granted, taken away, renamed or changed later is seen at the next read', async () => {
  const { vault } = temporary;
  const device = await newDevice();
  await getSecrets(device.options);
  await grant(content.otherRecord);
  await grant(content.loneRecord);
  await vault.content.putRecord({ uid: content.loneRecord, data: login('Changed', 'new') });
  await vault.applications.rename(applicationId, 'billing');
  const seen = await getSecrets(device.options);
  expect([titles(seen), seen.appData.title]).toEqual([['Changed', 'Elsewhere'], 'billing']);
  await vault.grants.remove(applicationId, content.otherRecord);
  expect(titles(await getSecrets(device.options))).toEqual(['Changed']);
});

test('a record that is granted by its folder and by itself is seen once', async () => {
  await grant(content.folder);
  await grant(content.record, true);
  const device = await newDevice();
  expect(titles(await getSecrets(device.options))).toEqual(['In folder', 'In subfolder']);
});

test('it gets the records and folders that it asks for alone', async () => {
  await grant(content.folder);
  await grant(content.otherFolder);
  await grant(content.loneRecord);
  const device = await newDevice();
  const read = async (query: { recordsFilter?: string[]; foldersFilter?: string[] }) =>
    titles(await getSecrets2(device.options, query));
  expect(await read({ recordsFilter: [content.record, content.loneRecord] })).toEqual(['In folder', 'Lone']);
  expect(await read({ foldersFilter: [content.folder] })).toEqual(['In folder', 'In subfolder']);
  expect(await read({ foldersFilter: [content.subfolder] })).toEqual(['In subfolder']);
  expect(await read({ recordsFilter: [content.record], foldersFilter: [content.otherFolder] })).toEqual([]);
  expect(await read({ recordsFilter: [] })).toHaveLength(4);
});

test('links are there when it asks for them', async () => {
  await grant(content.loneRecord);
  const device = await newDevice();
  expect((await getSecrets2(device.options, {})).records[0]).not.toHaveProperty('links');
  expect((await getSecrets2(device.options, { requestLinks: true })).records[0]).toMatchObject({ links: [] });
});

test('a second device that redeems the same token is refused', async () => {
  const device = await newDevice();
  await getSecrets(device.options);
  const second = inMemoryStorage({});
  await initializeStorage(second, device.oneTimeToken!, device.hostname!);
  await expect(getSecrets(options(second))).rejects.toThrow('access_denied');
  expect((await getSecrets(device.options)).appData.title).toBe('payments');
});

test('a token that expired and access that ended are refused', async () => {
  const late = await newDevice({ tokenExpiresInMinutes: 1 });
  const early = await newDevice({ accessExpiresInMinutes: 5 });
  await getSecrets(early.options);
  temporary.passMinutes(1);
  await expect(getSecrets(late.options)).rejects.toThrow('token expired');
  await getSecrets(early.options);
  temporary.passMinutes(4);
  await expect(getSecrets(early.options)).rejects.toThrow('access_denied');
});

test('a revoked device and one of a deleted application are refused', async () => {
  const device = await newDevice();
  await getSecrets(device.options);
  await temporary.vault.applications.remove(applicationId, { force: true });
  await expect(getSecrets(device.options)).rejects.toThrow('access_denied');
});

test('a device of another vault is told that its server key is not ours', async () => {
  const device = await newDevice();
  const foreign = { ...device.options, serverPublicKeyId: '10' };
  await expect(getSecrets(foreign)).rejects.toThrow(String(temporary.vault.keys.server.id));
});

test('it waits as it is told when it is throttled', async () => {
  const { vault, clock } = temporary;
  api = createDeviceApi({ vault, clock, throttleRequests: 2, onFailure: () => undefined });
  const device = await newDevice();
  await getSecrets(device.options); // binds, then reads
  const waits: number[] = [];
  const warning = jest.spyOn(console, 'error').mockImplementation(() => undefined);
  const patient = {
    ...device.options,
    throttleSleep: async (milliseconds: number) => {
      waits.push(milliseconds);
      temporary.passMinutes(1);
    },
  };
  expect((await getSecrets(patient)).appData.title).toBe('payments');
  warning.mockRestore();
  expect(waits).toEqual([expect.closeTo(10_000, -4)]);
});

test('an update is refused with words that it shows', async () => {
  await grant(content.loneRecord, true);
  const device = await newDevice();
  const [record] = (await getSecrets(device.options)).records;
  await expect(updateSecret(device.options, record!)).rejects.toThrow('does not support update_secret yet');
});

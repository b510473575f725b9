import { createDeviceApi } from '../../../service/device-api/device-api';
import { fillVault, login, type TemporaryVault, temporaryVault } from '../vault/temporary-vault';
import { TestDevice } from './test-device';

let temporary: TemporaryVault;
let content: Awaited<ReturnType<typeof fillVault>>;
let applicationId: string;
beforeEach(async () => {
  temporary = await temporaryVault();
  content = await fillVault(temporary.vault);
  applicationId = (await temporary.vault.applications.create({ name: 'payments' })).id;
  for (const secretUid of [content.folder, content.loneRecord, content.record]) {
    await temporary.vault.grants.put({ applicationId, secretUid, editable: false, createOnly: true });
  }
});
afterEach(() => temporary.close());

async function newDevice(replyLimitBytes?: number): Promise<TestDevice> {
  const { vault, clock } = temporary;
  const onFailure = (error: unknown) => {
    throw error;
  };
  const api = createDeviceApi({ vault, clock, onFailure, replyLimitBytes });
  const settings = { applicationId, name: 'ci', ipLock: true, tokenExpiresInMinutes: 60 };
  return new TestDevice(api, vault, (await vault.devices.create(settings)).oneTimeToken);
}

test('a reply that would be too large is refused in words before the token is spent, and a part of it is not', async () => {
  await temporary.vault.content.putRecord({ uid: content.loneRecord, data: login('Lone', 'x'.repeat(100_000)) });
  const device = await newDevice(100_000);
  const refused = await device.bind();
  expect(refused.status).toBe(400);
  expect(refused.json).toEqual({
    error: 'bad_request',
    message: expect.stringMatching(/\(3 items\), more than 0\.1\. Ask/),
  });
  const part = await device.bind({ payload: { requestedRecords: [content.record] } });
  expect(part.status).toBe(200);
  expect((await device.send({ payload: { requestedFolders: [content.folder] } })).status).toBe(200);
  expect((await device.send()).json.error).toBe('bad_request');
});

test('folders are bounded as well', async () => {
  const device = await newDevice(2_000);
  await device.bind({ payload: { requestedRecords: [content.record] } });
  expect((await device.send({ verb: 'get_folders' })).status).toBe(200);
  for (let number = 0; number < 5; number++) {
    await temporary.vault.content.putFolder({ name: `folder ${number}`, parentUid: content.folder });
  }
  expect((await device.send({ verb: 'get_folders' })).json.error).toBe('bad_request');
});

test('the size that is asked for is that of what is read, whatever is asked for', async () => {
  const { readables } = temporary.vault;
  const every = { records: [], folders: [] };
  const filters = [
    every,
    { ...every, records: [content.record, content.loneRecord, content.otherRecord] },
    { ...every, folders: [content.subfolder] },
    { records: [content.loneRecord, content.record], folders: [content.folder] },
    // More than SQLite takes as parameters.
    { ...every, records: [...Array.from({ length: 40_000 }, (_, number) => `no such ${number}`), content.record] },
  ];
  const counts = [];
  for (const filter of filters) {
    const { records } = await readables.records(applicationId, filter, 9);
    const bytes = records.reduce((sum, { data }) => sum + data.length, 0);
    expect(await readables.size(applicationId, filter)).toEqual({ records: records.length, bytes });
    counts.push(records.length);
  }
  expect(counts).toEqual([3, 2, 1, 1, 1]);
});

test('a read by get_secret moves the time of the last access', async () => {
  const device = await newDevice();
  await device.bind();
  const lastAccess = async () => (await temporary.vault.devices.get(applicationId, device.clientId)).lastAccessAt;
  const bound = await lastAccess();
  temporary.passMinutes(5);
  await device.send();
  await temporary.vault.redemption.flush();
  expect(Date.parse((await lastAccess())!) - Date.parse(bound!)).toBe(5 * 60_000);
});

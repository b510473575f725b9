import { createECDH } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { createDeviceApi } from '../../../service/device-api/device-api';
import { decrypt } from '../../../service/vault/embedded/crypto';
import { TestDevice } from '../device-api/test-device';
import { fillVault, login, type TemporaryVault, temporaryVault } from './temporary-vault';

let temporary: TemporaryVault;
beforeEach(async () => {
  temporary = await temporaryVault();
});
afterEach(() => temporary.close());

/** Every text form in which a key or token could lie about. */
const forms = (secret: Buffer) => [
  secret,
  ...(['base64', 'base64url', 'hex'] as const).map((encoding) => Buffer.from(secret.toString(encoding))),
];

/** The database, its journal and whatever else is in the data folder, but for the master key's own file. */
function stored(): Map<string, Buffer> {
  const files = readdirSync(temporary.folder).filter((name) => name !== 'master.key');
  return new Map(files.map((name) => [name, readFileSync(join(temporary.folder, name))]));
}

test('no token, key or content is in the data folder in clear after a life of a vault', async () => {
  const { vault, clock } = temporary;
  const failures: unknown[] = [];
  const api = createDeviceApi({ vault, clock, onFailure: (error) => failures.push(error) });
  const content = await fillVault(vault);
  const { id } = await vault.applications.create({ name: 'payments' });
  await vault.grants.put({ applicationId: id, secretUid: content.folder, editable: true, createOnly: true });
  await vault.grants.put({ applicationId: id, secretUid: content.loneRecord, editable: false, createOnly: true });
  const settings = { applicationId: id, name: 'ci', ipLock: true, tokenExpiresInMinutes: 60 };
  const tokens: string[] = [];
  for (let number = 0; number < 3; number++) {
    tokens.push((await vault.devices.create(settings)).oneTimeToken!);
  }
  tokens.push((await vault.gateways.create({ ...settings, name: 'gw' })).oneTimeToken!);
  const device = new TestDevice(api, vault, tokens[0]!);
  const { json } = await device.bind();
  await device.send({ verb: 'get_folders' });
  await vault.devices.remove(id, new TestDevice(api, vault, tokens[1]!).clientId);
  await vault.content.putRecord({ uid: content.loneRecord, data: login('Lone', 'canary-password-5') });

  const appKey = device.appKey(json);
  const [folder] = json.folders as { folderKey: string; records: { recordKey: string; data: string }[] }[];
  const folderKey = decrypt(appKey, Buffer.from(folder!.folderKey, 'base64'));
  const recordKey = decrypt(folderKey, Buffer.from(folder!.records[0]!.recordKey, 'base64'));
  expect(decrypt(recordKey, Buffer.from(folder!.records[0]!.data, 'base64')).toString()).toContain('canary-password-1');

  const master = readFileSync(join(temporary.folder, 'master.key'));
  const secrets = [
    ...[appKey, folderKey, recordKey, master, ...tokens.map((token) => Buffer.from(token, 'base64url'))].flatMap(forms),
    ...['canary-password', 'In folder', 'Databases', 'Production'].map((text) => Buffer.from(text)),
  ];
  const files = stored();
  expect([...files.keys()]).toEqual(expect.arrayContaining(['vault.db', 'vault.db-wal']));
  // The search itself finds what is stored in clear.
  expect([...files.values()].some((bytes) => bytes.includes(device.clientId))).toBe(true);
  for (const [name, bytes] of files) {
    const found = secrets.filter((secret) => bytes.includes(secret)).map((secret) => secret.toString('latin1'));
    expect([name, found]).toEqual([name, []]);
  }
  expect(failures).toEqual([]);
});

test('no private key of the vault is stored in clear', async () => {
  const { database, vault } = temporary;
  const rows = await database.db.selectFrom('vault_keys').selectAll().execute();
  expect(rows.map(({ name }) => name).sort()).toEqual(['owner', 'server']);
  for (const row of rows) {
    // A scalar of 32 bytes in clear would be a private key whose public key is beside it.
    for (let at = 0; at + 32 <= row.private_key.length; at++) {
      const pair = createECDH('prime256v1');
      try {
        pair.setPrivateKey(row.private_key.subarray(at, at + 32));
      } catch {
        continue;
      }
      expect(pair.getPublicKey().equals(row.public_key)).toBe(false);
    }
  }
  expect(vault.keys.server.publicKey).toHaveLength(65);
});

test('no error of the vault or the device API holds a token or a key', async () => {
  const { vault, clock } = temporary;
  const texts: string[] = [];
  const api = createDeviceApi({ vault, clock, onFailure: (error) => texts.push(inspect(error, { depth: 9 })) });
  const { id } = await vault.applications.create({ name: 'payments' });
  const settings = { applicationId: id, name: 'ci', ipLock: true, tokenExpiresInMinutes: 1 };
  const { oneTimeToken, clientId } = await vault.devices.create(settings);
  const device = new TestDevice(api, vault, oneTimeToken);
  const refused = async (tampering = {}) => texts.push((await device.bind(tampering)).body.toString());
  await refused({ signature: () => Buffer.from('x') });
  await refused({ payload: { clientVersion: 'x' } });
  await refused({ headers: { publicKeyId: '1' } });
  await refused({ payload: { clientId: oneTimeToken } });
  temporary.passMinutes(1);
  await refused();
  await vault.applications.remove(id, { force: false });
  await refused();
  await vault.devices.get(id, clientId).catch((error: unknown) => texts.push(inspect(error, { depth: 9 })));
  expect(texts).toHaveLength(7);
  for (const text of texts) {
    expect(text).not.toContain(oneTimeToken!);
  }
});

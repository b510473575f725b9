/** The official SDK in a process of its own, over real HTTPS, trusting the CA by NODE_EXTRA_CA_CERTS alone. */

import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createDeviceApi, type DeviceApi } from '../../../service/device-api/device-api';
import { fillVault, type TemporaryVault, temporaryVault } from '../vault/temporary-vault';
import { type HttpsServer, serveHttps } from './https-server';

const run = promisify(execFile);

/** A device: redeems TOKEN and keeps its configuration in CONFIG, or reads with the configuration that is there. */
const DEVICE = `
const sdk = require('@keeper-security/secrets-manager-core');
const { TOKEN, HOST, KEY, KEY_ID, CONFIG } = process.env;
(async () => {
  const storage = sdk.localConfigStorage(CONFIG);
  if (TOKEN) await sdk.initializeStorage(storage, TOKEN, HOST);
  const options = TOKEN ? { storage, serverPublicKey: KEY, serverPublicKeyId: KEY_ID } : { storage };
  const { records } = await sdk.getSecrets(options);
  const folders = await sdk.getFolders(options);
  console.log(JSON.stringify({
    passwords: records.map((r) => r.data.fields.find((f) => f.type === 'password').value[0]).sort(),
    folders: folders.map((f) => f.name),
  }));
})().catch((error) => { console.log(JSON.stringify({ refused: error.message })); });
`;

let temporary: TemporaryVault;
let server: HttpsServer;
let api: DeviceApi;
let caFile: string;

beforeAll(async () => {
  server = await serveHttps(() => api);
  temporary = await temporaryVault({ hostname: () => server.hostname });
  const { vault, clock } = temporary;
  api = createDeviceApi({
    vault,
    clock,
    onFailure: (error) => {
      throw error;
    },
  });
  caFile = join(temporary.folder, 'ca.pem');
  writeFileSync(caFile, server.caCertificate);
});
afterAll(async () => {
  await server.close();
  await temporary.close();
});

async function device(environment: Record<string, string>): Promise<unknown> {
  const { stdout, stderr } = await run(process.execPath, ['-e', DEVICE], {
    env: { PATH: process.env.PATH, NODE_EXTRA_CA_CERTS: caFile, ...environment },
    cwd: join(__dirname, '../../..'),
  });
  expect(stderr).toBe('');
  return JSON.parse(stdout);
}

test('the official SDK redeems over HTTPS, reads again from its own configuration, and is refused once revoked', async () => {
  const { vault, folder } = temporary;
  const content = await fillVault(vault);
  const { id } = await vault.applications.create({ name: 'payments' });
  for (const secretUid of [content.folder, content.loneRecord]) {
    await vault.grants.put({ applicationId: id, secretUid, editable: false, createOnly: true });
  }
  const created = await vault.devices.create({
    applicationId: id,
    name: 'ci',
    ipLock: true,
    tokenExpiresInMinutes: 60,
  });
  const { hostname, serverPublicKey, serverPublicKeyId } = vault.deviceApi()!;
  const first = { TOKEN: created.oneTimeToken!, HOST: hostname, KEY: serverPublicKey, KEY_ID: serverPublicKeyId };
  const granted = {
    passwords: ['canary-password-1', 'canary-password-2', 'canary-password-4'],
    folders: ['Databases', 'Production'],
  };
  expect(await device({ ...first, CONFIG: join(folder, 'first.json') })).toEqual(granted);
  expect(await vault.devices.get(id, created.clientId)).toMatchObject({ status: 'active', ipAddress: '127.0.0.1' });
  expect(await device({ CONFIG: join(folder, 'first.json') })).toEqual(granted);
  expect(await device({ ...first, CONFIG: join(folder, 'second.json') })).toEqual({
    refused: expect.stringContaining('redeemed already'),
  });
  await vault.devices.remove(id, created.clientId);
  expect(await device({ CONFIG: join(folder, 'first.json') })).toEqual({
    refused: expect.stringContaining('access_denied'),
  });
});

test('without the CA the SDK does not trust the service', async () => {
  const created = { TOKEN: 'A'.repeat(43), HOST: server.hostname, KEY: 'x', KEY_ID: '1' };
  const { serverPublicKey, serverPublicKeyId } = temporary.vault.deviceApi()!;
  const untrusting = { ...created, KEY: serverPublicKey, KEY_ID: serverPublicKeyId, NODE_EXTRA_CA_CERTS: '' };
  expect(await device({ ...untrusting, CONFIG: join(temporary.folder, 'third.json') })).toEqual({
    refused: expect.stringContaining('certificate'),
  });
});

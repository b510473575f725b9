import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { ClientDeviceCreate } from '../../contract/types';
import { Running } from '../support/process';
import { TestService } from '../support/service';
import { fillVault, VAULT } from '../support/vault';

/** A Python with test/e2e/python/requirements.txt installed. */
const PYTHON = process.env.KSM_IAC_TEST_PYTHON;
const DEVICE = join(__dirname, 'python/device.py');

jest.setTimeout(240_000);

if (!PYTHON) {
  test.skip('the official Python SDK: install test/e2e/python/requirements.txt and name that Python in KSM_IAC_TEST_PYTHON to run this', () => {});
} else {
  describe('the official Python SDK', () => {
    let service: TestService;
    let applicationId: string;
    let devices = 0;

    beforeAll(async () => {
      service = await TestService.start();
      await fillVault(service);
      const client = service.client();
      applicationId = (await client.createApplication({ name: 'python' })).id;
      await client.putGrant(applicationId, VAULT.deployment, {});
      await client.putGrant(applicationId, VAULT.registry, {});
    });
    afterAll(() => service.dispose());

    const python = (args: string[], env: Record<string, string>) =>
      new Running(PYTHON, args, {
        env: {
          PATH: process.env.PATH,
          REQUESTS_CA_BUNDLE: service.caCertificateFile,
          DEVICE_HOSTNAME: service.deviceApi.hostname,
          DEVICE_SERVER_PUBLIC_KEY: service.deviceApi.serverPublicKey,
          DEVICE_SERVER_PUBLIC_KEY_ID: service.deviceApi.serverPublicKeyId,
          ...env,
        },
      }).ended;
    const say = async (env: Record<string, string>) => {
      const { stdout, stderr } = await python([DEVICE], env);
      if (!stdout.startsWith('{')) throw new Error(`The device said nothing:\n${stderr}`);
      return JSON.parse(stdout);
    };
    const config = () => join(service.folder, `python-${++devices}.json`);
    const create = (more: Partial<ClientDeviceCreate> = {}) =>
      service.client().createDevice(applicationId, { name: 'python', ...more });

    test('redeems a token, reads what is granted, and reads again with its configuration', async () => {
      const { oneTimeToken } = await create();
      const DEVICE_CONFIG = config();
      const granted = { titles: ['deploy key', 'registry'], passwords: 2 };
      expect(await say({ DEVICE_CONFIG, DEVICE_TOKEN: oneTimeToken! })).toEqual(granted);
      expect(await say({ DEVICE_CONFIG })).toEqual(granted);
    });

    test('is refused a token that another device has redeemed', async () => {
      const { oneTimeToken } = await create();
      await say({ DEVICE_CONFIG: config(), DEVICE_TOKEN: oneTimeToken! });
      const refused = await say({ DEVICE_CONFIG: config(), DEVICE_TOKEN: oneTimeToken! });
      // The SDK's own words for a first request that Keeper refused.
      expect(refused).toEqual({ error: 'KeeperError', message: expect.stringContaining('Initialization failed') });
    });

    test('is refused once its device is deleted', async () => {
      const { oneTimeToken, clientId } = await create();
      const DEVICE_CONFIG = config();
      await say({ DEVICE_CONFIG, DEVICE_TOKEN: oneTimeToken! });
      await service.client().deleteDevice(applicationId, clientId);
      expect(JSON.stringify(await say({ DEVICE_CONFIG }))).toContain('access_denied');
    });

    test('refuses a service whose CA it does not trust', async () => {
      const { oneTimeToken } = await create();
      const DEVICE_CONFIG = config();
      await say({ DEVICE_CONFIG, DEVICE_TOKEN: oneTimeToken! });
      const { code, stderr } = await python([DEVICE], { DEVICE_CONFIG, REQUESTS_CA_BUNDLE: '' });
      expect(code).not.toBe(0);
      expect(stderr).toContain('CERTIFICATE_VERIFY_FAILED');
    });

    test('wants a new token after every first use that fails, also where the old one is still good', async () => {
      const { oneTimeToken } = await create();
      const env = { DEVICE_CONFIG: config(), DEVICE_TOKEN: oneTimeToken! };
      for (const [name, value] of [
        ['REQUESTS_CA_BUNDLE', ''],
        ['DEVICE_HOSTNAME', 'localhost:1'],
      ] as const) {
        const { stdout, stderr } = await python([DEVICE], { ...env, [name]: value });
        expect(stdout + stderr).toContain('has been removed. Please generate a new One-Time Token');
        expect(existsSync(env.DEVICE_CONFIG)).toBe(false);
      }
      expect(await say(env)).toMatchObject({ passwords: 2 });
    });

    test('reads with a configuration alone, given as storage or by KSM_CONFIG', async () => {
      const { config } = await create({ initialization: 'config', ipLock: false });
      const say = async (storage: string, env: Record<string, string>) => {
        const program = `
import os
from keeper_secrets_manager_core import SecretsManager
from keeper_secrets_manager_core.storage import InMemoryKeyValueStorage
for record in sorted(SecretsManager(${storage}).get_secrets(), key=lambda record: record.title):
    print(record.title)
`;
        const base = { PATH: process.env.PATH, REQUESTS_CA_BUNDLE: service.caCertificateFile };
        return new Running(PYTHON, ['-c', program], { env: { ...base, ...env } }).ended;
      };
      const granted = { code: 0, stdout: 'deploy key\nregistry\n', stderr: '' };
      const storage = 'config=InMemoryKeyValueStorage(os.environ["DEVICE_CONFIG"])';
      expect(await say(storage, { DEVICE_CONFIG: config! })).toMatchObject(granted);
      expect(await say('', { KSM_CONFIG: config! })).toMatchObject(granted);
    });

    test('works as docs/devices.md writes it', async () => {
      const doc = readFileSync(resolve(__dirname, '../../docs/devices.md'), 'utf8');
      const snippet = /```python\n([\s\S]*?)```/.exec(doc)?.[1] ?? '';
      const { oneTimeToken } = await create();
      const { stdout, stderr } = await python(['-c', snippet], {
        DEVICE_CONFIG_FILE: config(),
        DEVICE_ONE_TIME_TOKEN: oneTimeToken!,
      });
      expect({ stdout, stderr }).toEqual({ stdout: expect.stringMatching(/ deploy key\n|registry\n/), stderr: '' });
    });
  });
}

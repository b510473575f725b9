/** Devices that are set up by commands alone: the lines of `env --devices`, and `ksm-iac ksm`, of which clients.test.ts tries what it runs. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { ensureBundles } from '../support/bundles';
import { runCli } from '../support/cli';
import { Running } from '../support/process';
import { TestService } from '../support/service';
import { fillVault, VAULT } from '../support/vault';

const root = resolve(__dirname, '../..');
const REDEEM = join(root, 'examples/ci-pipeline/redeem.mjs');

jest.setTimeout(240_000);

let service: TestService;
let applicationId: string;
let folder: string;
const own = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^(KSM_|NODE_EXTRA|REQUESTS)/.test(name)),
);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ksm-iac-programs-'));
  service = await TestService.start();
  await fillVault(service);
  const client = service.client();
  applicationId = (await client.createApplication({ name: 'programs' })).id;
  await client.putGrant(applicationId, VAULT.deployment, {});
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await service.dispose();
});

const token = async () => {
  const { oneTimeToken } = await service.client().createDevice(applicationId, { name: 'program' });
  return oneTimeToken!;
};

test('the lines of env --devices are all that a device needs beside its token', async () => {
  const printed = await runCli(['env', '--devices', '--data', service.dataDir], { env: own });
  expect(printed.stderr).toBe('');
  const script = `${printed.stdout}\nexec '${process.execPath}' '${REDEEM}'`;
  const env = { ...own, DEVICE_ONE_TIME_TOKEN: await token(), DEVICE_CONFIG_FILE: join(folder, 'node.json') };
  expect(await new Running('sh', ['-c', script], { env }).ended).toMatchObject({
    code: 0,
    stdout: `Application "programs": 1 secret(s)\n${VAULT.deployKey} deploy key\n`,
  });
});

test('the JavaScript of docs/devices.md redeems, and reads again without the token', async () => {
  const doc = readFileSync(join(root, 'docs/devices.md'), 'utf8');
  // In the tree, so that it finds the SDK as a project of its own would.
  const program = join(mkdtempSync(join(root, 'dist/devices-')), 'device.mjs');
  try {
    writeFileSync(program, /```js\n(import [\s\S]*?)```/.exec(doc)?.[1] ?? 'throw new Error("no snippet")');
    const settings = /```sh\n(eval [\s\S]*?)```/.exec(doc)?.[1] ?? '';
    const command = `ksm-iac() { '${process.execPath}' '${ensureBundles().cli}' "$@"; }`;
    const script = `${command}\n${settings.replace('./my-vault', service.dataDir)}exec '${process.execPath}' '${program}'`;
    const env = { ...own, DEVICE_CONFIG_FILE: join(folder, 'snippet.json') };
    for (const more of [{ DEVICE_ONE_TIME_TOKEN: await token() }, {}]) {
      const { code, stdout, stderr } = await new Running('bash', ['-euc', script], { env: { ...env, ...more } }).ended;
      expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: 'deploy key\n', stderr: '' });
    }
  } finally {
    rmSync(dirname(program), { recursive: true });
  }
});

test('ksm-iac ksm says what is missing, and leaves nothing behind', async () => {
  const temporary = mkdtempSync(join(folder, 'tmp-'));
  const env = { ...own, PATH: dirname(process.execPath), TMPDIR: temporary };
  const missing = await runCli(['ksm', '--data', service.dataDir, '--', 'secret', 'list'], { env });
  // Beside Node there may be a ksm, on a machine that has both in one folder.
  if (!existsSync(join(dirname(process.execPath), 'ksm'))) {
    expect(missing).toMatchObject({
      code: 127,
      stderr: expect.stringContaining('pip install keeper-secrets-manager-cli'),
    });
  }
  const nowhere = await runCli(['ksm', '--', 'secret', 'list'], { env });
  expect(nowhere).toMatchObject({ code: 2, stderr: expect.stringContaining('No service is named') });
  const passed = await runCli(
    ['ksm', '--data', service.dataDir, '--run', '--', process.execPath, '-e', 'process.exit(7)'],
    { env },
  );
  expect(passed.code).toBe(7);
  expect(readdirSync(temporary)).toEqual([]);
});

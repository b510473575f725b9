/** Devices that are set up by commands alone: the lines of `env --devices`, and `ksm-iac ksm`, of which clients.test.ts tries what it runs. */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { runCli, shellFunction } from '../support/cli';
import { Running } from '../support/process';
import { TestService } from '../support/service';
import { describeWithTools, Workspace } from '../support/terraform';
import { fillVault, RECORD_PASSWORD, VAULT } from '../support/vault';

/** A Python with test/e2e/python/requirements.txt installed. */
const PYTHON = process.env.KSM_IAC_TEST_PYTHON;
const root = resolve(__dirname, '../..');
const REDEEM = join(root, 'examples/ci-pipeline/redeem.mjs');

jest.setTimeout(240_000);

let service: TestService;
let applicationId: string;
let folder: string;
const own = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^(KSM_|TF_|NODE_EXTRA|REQUESTS)/.test(name)),
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

describeWithTools('docs/devices.md', (tool) => {
  const page = readFileSync(join(root, 'docs/devices.md'), 'utf8');
  /** The only block of a language with this text in it, for the vault of these tests. */
  const block = (language: string, part: string): string => {
    const found = [...page.matchAll(new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)^\`\`\`$`, 'gm'))]
      .map(([, text]) => text!)
      .filter((text) => text.includes(part));
    expect([part, found.length]).toEqual([part, 1]);
    return found[0]!.replaceAll('QyfxQ9YSE8HsVOH_KGfFvg', VAULT.deployKey);
  };
  const listed = `${VAULT.deployKey} deploy key\n`;
  const password = `${RECORD_PASSWORD}\n`;
  let workspace: Workspace;
  /** In the tree, so that programs find the SDK as where it was installed. */
  let project: string;

  beforeEach(() => {
    project = mkdtempSync(join(root, 'dist/devices-'));
    mkdirSync(join(project, 'my-stack'));
    workspace = new Workspace(tool, service.env, join(project, 'my-stack'));
    mkdirSync(join(project, 'my-device'));
    writeFileSync(join(project, 'my-device/device.mjs'), block('js', 'import '));
    writeFileSync(join(project, 'my-device/device.py'), block('python', 'import '));
  });
  afterEach(() => {
    rmSync(project, { recursive: true });
  });

  /** As README's first stack has it when the page begins. */
  const stack = (install: string) =>
    workspace.write(`
resource "ksm_application" "payments" { name = "devices by ${tool}" }
resource "ksm_shared_folder_grant" "secrets" {
  application_id = ksm_application.payments.id
  folder_uid     = "${VAULT.deployment}"
}
resource "ksm_client_device" "deploy" {
  application_id = ksm_application.payments.id
  name           = "deploy"
  depends_on     = [ksm_shared_folder_grant.secrets]
}
${install}`);
  const typed = async (script: string, env: NodeJS.ProcessEnv = {}) => {
    const commands = `${shellFunction()}\nterraform() { command ${tool} "$@"; }`;
    const text = script.replaceAll('./my-vault', service.dataDir);
    const { code, stdout, stderr } = await new Running('bash', ['-euc', `${commands}\n${text}`], {
      cwd: project,
      env: { ...own, HOME: folder, ...env },
    }).ended;
    return { code, stdout, stderr };
  };

  test('typed from top to bottom: an installer, then by hand in each language and with ksm', async () => {
    stack('');
    await workspace.apply();
    const sh = [...page.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, text]) =>
      text!.replaceAll('QyfxQ9YSE8HsVOH_KGfFvg', VAULT.deployKey),
    );
    // What installs is there; every other block is typed.
    const isInstall = /^(npm install|python3 -m venv|.*pip install) .*\n/gm;
    const [installer, apply, again, settings, javascript, python, cli, ...none] = sh
      .map((text) => text.replace(isInstall, ''))
      .filter(Boolean);
    expect(none).toEqual([]);
    writeFileSync(join(project, 'my-device/install.sh'), installer!);
    stack(block('terraform', 'install.sh'));
    const env = { ...workspace.environment(), TF_CLI_ARGS: '-no-color' };
    const applied = await typed(apply!, env);
    expect({ code: applied.code, stderr: applied.stderr }).toEqual({ code: 0, stderr: '' });
    expect(await workspace.plan()).toEqual({});
    expect(await typed(again!)).toEqual({ code: 0, stdout: password, stderr: '' });
    await workspace.apply('-replace=ksm_client_device.deploy');
    expect(await typed(again!)).toEqual({ code: 0, stdout: password, stderr: '' });

    writeFileSync(join(workspace.dir, 'by-hand.tf'), block('terraform', 'by_hand'));
    const first = await typed(settings! + javascript!, env);
    expect({ ...first, stdout: first.stdout.split('\n').slice(-3).join('\n') }).toEqual({
      code: 0,
      stdout: listed + password,
      stderr: '',
    });
    if (!PYTHON) return;
    symlinkSync(dirname(dirname(PYTHON)), join(project, 'my-venv'));
    const second = await typed(settings!.replace(/^terraform .*\n/, '') + python!, env);
    expect(second).toEqual({ code: 0, stdout: listed + password, stderr: '' });
    const third = await typed(cli!, env);
    expect(third).toMatchObject({ code: 0, stdout: expect.stringContaining(VAULT.deployKey) });
    // The CLI ends it with no newline.
    expect(third.stdout.endsWith(RECORD_PASSWORD)).toBe(true);
    expect(statSync(join(project, 'keeper.ini')).mode & 0o777).toBe(0o600);
  });

  test('an installer joins the CA with the one that the machine has', async () => {
    const installer = join(project, 'my-device/install.sh');
    writeFileSync(installer, block('sh', '#!/bin/sh'));
    const { hostname, serverPublicKey, serverPublicKeyId } = service.deviceApi;
    writeFileSync(join(folder, 'machine.pem'), '# of the machine\n');
    const env = {
      DEVICE_ONE_TIME_TOKEN: await token(),
      DEVICE_HOSTNAME: hostname,
      DEVICE_SERVER_PUBLIC_KEY_ID: serverPublicKeyId,
      DEVICE_SERVER_PUBLIC_KEY: serverPublicKey,
      DEVICE_CA_CERTIFICATE: readFileSync(service.caCertificateFile, 'utf8'),
      NODE_EXTRA_CA_CERTS: join(folder, 'machine.pem'),
    };
    expect(await typed('sh my-device/install.sh', env)).toEqual({ code: 0, stdout: listed, stderr: '' });
    expect(readFileSync(join(project, 'my-device/device-ca.pem'), 'utf8')).toMatch(/^# of the machine\n\n-----BEGIN/);
  });

  test('what fails is one line; a first use that does not arrive spends no token, and the JavaScript SDK keeps its file', async () => {
    const settings = block('sh', 'env --devices').replace(/^.*terraform.*\n/m, '');
    const js = `${settings}export DEVICE_CONFIG_FILE=my-device/javascript.json\n`;
    const env = { DEVICE_ONE_TIME_TOKEN: await token() };
    const failed = (why: string) => ({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(new RegExp(`^The secrets could not be read: .*${why}.*\n$`)),
    });
    expect(await typed(`${js}unset NODE_EXTRA_CA_CERTS\nnode my-device/device.mjs`, env)).toEqual(
      failed('certificate'),
    );
    expect(await typed(`${js}node my-device/device.mjs`, env)).toMatchObject({ code: 0, stdout: listed });
    const other = { DEVICE_ONE_TIME_TOKEN: await token() };
    expect(await typed(`${js}node my-device/device.mjs`, other)).toEqual(
      failed('already initialized with a different client Id'),
    );
    if (!PYTHON) return;
    const python = `${settings}export DEVICE_CONFIG_FILE=my-device/python.json\n'${PYTHON}' my-device/device.py`;
    expect(await typed(python, env)).toEqual(failed('has been redeemed already'));
    expect(await typed(python, other)).toMatchObject({ code: 0, stdout: listed });
    expect(await typed(python, { DEVICE_ONE_TIME_TOKEN: await token() })).toEqual(
      failed('already initialized with a different token'),
    );
  });

  test('examples/hcl, copied elsewhere as its first lines say, redeems', async () => {
    workspace.write('');
    copyFileSync(join(root, 'examples/hcl/main.tf'), join(workspace.dir, 'main.tf'));
    copyFileSync(REDEEM, join(workspace.dir, 'redeem.mjs'));
    symlinkSync(join(root, 'node_modules'), join(workspace.dir, 'node_modules'));
    const uids = [`-var=folder_uid=${VAULT.deployment}`, `-var=record_uid=${VAULT.registry}`];
    await workspace.apply('-var=redeem=redeem.mjs', ...uids);
    expect(JSON.parse(workspace.read('device-config.json'))).toHaveProperty('appKey');
  });
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

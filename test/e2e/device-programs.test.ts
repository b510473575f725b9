/** Devices that are set up by commands alone: the lines of `env --devices`, and `ksm-iac ksm`, of which clients.test.ts tries what it runs. */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { ensureBundles } from '../support/bundles';
import { runCli } from '../support/cli';
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
  let workspace: Workspace;
  /** In the tree, so that programs find the SDK as in a project of their own. */
  let project: string;

  beforeEach(() => {
    project = mkdtempSync(join(root, 'dist/devices-'));
    writeFileSync(join(project, 'device.mjs'), block('js', 'import '));
    writeFileSync(join(project, 'device.py'), block('python', 'import '));
    workspace = new Workspace(tool, service.env);
  });
  afterEach(() => {
    workspace.dispose();
    rmSync(project, { recursive: true });
  });

  const stack = (name: string, more: string) =>
    workspace.write(`
resource "ksm_application" "devices" { name = "${name}" }
resource "ksm_shared_folder_grant" "secrets" {
  application_id = ksm_application.devices.id
  folder_uid     = "${VAULT.deployment}"
}
resource "ksm_client_device" "deploy" {
  application_id = ksm_application.devices.id
  name           = "deploy"
  depends_on     = [ksm_shared_folder_grant.secrets]
}
${more}`);
  const typed = async (script: string, env: NodeJS.ProcessEnv = {}) => {
    const commands = `ksm-iac() { '${process.execPath}' '${ensureBundles().cli}' "$@"; }\nterraform() { command ${tool} "$@"; }`;
    const { code, stdout, stderr } = await new Running('bash', ['-euc', `${commands}\n${script}`], {
      cwd: project,
      env: { ...own, HOME: folder, ...env },
    }).ended;
    return { code, stdout, stderr };
  };

  test('typed from top to bottom, by hand: the token, the CA, and a secret in each language', async () => {
    stack('by hand', block('terraform', 'output '));
    await workspace.apply();
    symlinkSync(workspace.dir, join(project, 'my-stack'));
    const settings = block('sh', 'env --devices').replace('./my-vault', service.dataDir);
    const javascript = block('sh', 'node device.mjs keeper:').replace(/^npm install .*\n/, '');
    const first = await typed(settings + javascript);
    expect(first).toEqual({ code: 0, stdout: `${listed}${RECORD_PASSWORD}\n`, stderr: '' });
    if (!PYTHON) return;
    mkdirSync(join(project, 'my-venv/bin'), { recursive: true });
    writeFileSync(join(project, 'my-venv/bin/python'), `#!/bin/sh\nexec '${PYTHON}' "$@"\n`, { mode: 0o755 });
    const python = block('sh', 'device.py keeper:').replace(/^(python3 -m venv|.*pip install) .*\n/gm, '');
    // The SDKs keep the same file.
    const second = await typed(settings.replace(/^export DEVICE_ONE_TIME_TOKEN.*\n/m, '') + python);
    expect(second).toEqual({ code: 0, stdout: `${listed}${RECORD_PASSWORD}\n`, stderr: '' });
  });

  test('the installer gets all of it from Terraform, and what it leaves is enough to read again', async () => {
    const installer = block('sh', '#!/bin/sh');
    const script = `#!/bin/sh\ncd '${project}'\n${installer}`;
    stack('installed', block('terraform', './install.sh'));
    writeFileSync(join(workspace.dir, 'install.sh'), script, { mode: 0o755 });
    await workspace.apply();
    expect(await workspace.plan()).toEqual({});
    const again = installer.replace(/^(printf|rm) .*\n/gm, '');
    expect(await typed(again)).toEqual({ code: 0, stdout: listed, stderr: '' });
    await workspace.apply('-replace=ksm_client_device.deploy');
    expect(await typed(again)).toEqual({ code: 0, stdout: listed, stderr: '' });
  });

  test('a first use that does not arrive spends no token, and the JavaScript SDK keeps its file', async () => {
    const settings = block('sh', 'env --devices')
      .replace('./my-vault', service.dataDir)
      .replace(/^.*terraform.*\n/m, '');
    const env = { DEVICE_ONE_TIME_TOKEN: await token() };
    const failed = await typed(`${settings}unset NODE_EXTRA_CA_CERTS\nnode device.mjs`, env);
    expect(failed).toEqual({ code: 1, stdout: '', stderr: expect.stringContaining('certificate') });
    expect(await typed(`${settings}node device.mjs`, env)).toMatchObject({ code: 0, stdout: listed });
    const other = await typed(`${settings}node device.mjs`, { DEVICE_ONE_TIME_TOKEN: await token() });
    expect(other.stderr).toContain('already initialized with a different client Id');
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

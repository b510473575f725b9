/** How a team gets the provider: a mirror on a share or behind HTTPS, and a lock file for other platforms than one's own. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCli } from '../support/cli';
import { eventually, Running } from '../support/process';
import { TestService } from '../support/service';
import { describeWithTools, Workspace } from '../support/terraform';

jest.setTimeout(240_000);

describeWithTools('a mirror of the provider', (tool) => {
  const folder = mkdtempSync(join(tmpdir(), 'ksm-iac-mirror-'));
  const mirror = join(folder, 'mirror');
  let hashes: string[];
  let said: string;
  let service: TestService;
  let server: Running | undefined;
  let workspace: Workspace;

  beforeAll(async () => {
    service = await TestService.start();
    const written = await runCli(['provider', 'mirror', mirror]);
    expect(written).toMatchObject({ code: 0, stderr: expect.stringContaining('linux_amd64, linux_arm64') });
    hashes = written.stdout.trim().split('\n');
    said = written.stderr;
  });
  afterEach(() => {
    workspace.dispose();
    server?.kill('SIGTERM');
    server = undefined;
  });
  afterAll(async () => {
    await service.dispose();
    rmSync(folder, { recursive: true, force: true });
  });

  const initialised = (installation: string, env: NodeJS.ProcessEnv = {}) =>
    configured(`provider_installation {\n  ${installation}\n  direct {\n    exclude = ["ksm-iac/ksm"]\n  }\n}\n`, env);
  /** A root module that takes the provider from there, initialised. */
  const configured = (content: string, env: NodeJS.ProcessEnv = {}) => {
    const config = join(folder, 'cli.tfrc');
    writeFileSync(config, content);
    workspace = new Workspace(tool, { ...service.env, TF_CLI_CONFIG_FILE: config, ...env });
    workspace.write('data "ksm_service" "this" {}\noutput "vault" { value = data.ksm_service.this.vault }');
  };
  const locked = () =>
    [...workspace.read('.terraform.lock.hcl').matchAll(/"((?:h1|zh):[^"]+)"/g)].map(([, hash]) => hash!);

  test('on a file share is one for init, and starts', async () => {
    initialised(`filesystem_mirror {\n    path    = ${JSON.stringify(mirror)}\n    include = ["ksm-iac/ksm"]\n  }`);
    await workspace.apply();
    expect(hashes).toEqual(expect.arrayContaining(locked()));
  });

  test('comes with the lines for a CLI configuration and a lock file, which work in another folder', async () => {
    const [, content = ''] = /TF_CLI_CONFIG_FILE names:\n([\s\S]*)A lock file/.exec(said) ?? [];
    configured(content);
    const [, line = ''] = /^ {2}terraform (providers lock .*)$/m.exec(said) ?? [];
    expect((await workspace.run([...line.replaceAll("'", '').split(' '), '-no-color'])).code).toBe(0);
    expect(locked()).toEqual([hashes.find((hash) => hash.startsWith('h1:'))]);
  });

  test('behind HTTPS is one for init, and starts', async () => {
    const tls = join(service.dataDir, 'tls');
    const script = join(__dirname, '../support/static-https.mjs');
    // In a process of its own: while Terraform runs nothing else is done in this one.
    const files = [mirror, join(tls, 'server.key'), join(tls, 'server.crt')];
    server = new Running(process.execPath, [script, ...files]);
    const port = await eventually('the mirror to be served', () => /^\d+/.exec(server!.stdout)?.[0]);
    const url = `https://127.0.0.1:${port}/`;
    initialised(`network_mirror {\n    url     = "${url}"\n    include = ["ksm-iac/ksm"]\n  }`, {
      SSL_CERT_FILE: service.caCertificateFile,
    });
    await eventually('the archive to be fetched', () => /_0\.1\.0_.*\.zip$/m.test(server!.stdout));
    expect(server.stdout).toMatch(/ksm-iac\/ksm\/index\.json\n[\s\S]*ksm-iac\/ksm\/0\.1\.0\.json\n/);
    await workspace.apply();
    expect(hashes).toEqual(expect.arrayContaining(locked()));
  });

  test('gives a lock file for the platforms of a whole team, without a warning that it is incomplete', async () => {
    initialised(`filesystem_mirror {\n    path    = ${JSON.stringify(mirror)}\n    include = ["ksm-iac/ksm"]\n  }`);
    const lock = ['linux_amd64', 'linux_arm64', 'darwin_arm64'].map((platform) => `-platform=${platform}`);
    const done = await workspace.run(['providers', 'lock', `-fs-mirror=${mirror}`, ...lock, '-no-color']);
    expect({ code: done.code, said: done.stdout + done.stderr }).toEqual({ code: 0, said: expect.any(String) });
    expect(new Set(locked())).toEqual(new Set(hashes.filter((hash) => locked().includes(hash))));
    expect((await workspace.run(['init', '-no-color'])).stdout).not.toContain('Incomplete lock file');
  });

  test('is also what provider install --platform all writes, unpacked', async () => {
    const dir = join(folder, 'installed');
    const all = await runCli(['provider', 'install', '--dir', dir, '--platform', 'all']);
    expect(all).toMatchObject({ code: 0, stderr: expect.not.stringContaining('nothing is installed') });
    initialised(
      `filesystem_mirror {\n    path    = ${JSON.stringify(join(dir, 'mirror'))}\n    include = ["ksm-iac/ksm"]\n  }`,
    );
    const lock = ['providers', 'lock', `-fs-mirror=${join(dir, 'mirror')}`, '-platform=darwin_arm64', '-no-color'];
    expect((await workspace.run(lock)).code).toBe(0);
    expect(hashes).toEqual(expect.arrayContaining(locked()));
  });
});

test('provider install for other machines says that there is nothing for this one; names may stand with commas', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'ksm-iac-others-'));
  const others = ['freebsd_amd64', 'freebsd_arm64'].join(',');
  const { code, stderr } = await runCli(['provider', 'install', '--dir', dir, '--platform', others]);
  expect({ code, stderr }).toEqual({
    code: 0,
    stderr: expect.stringContaining('nothing is installed for this machine'),
  });
  expect(existsSync(join(dir, 'mirror/registry.terraform.io/ksm-iac/ksm/0.1.0/freebsd_arm64'))).toBe(true);
  rmSync(dir, { recursive: true });
});

test.each([
  [['--platform', 'linux_amd64', './mirror'], 'A folder stands before --platform'],
  [['--platform', 'windows_amd64'], 'WSL'],
  [['--platform', 'plan9_amd64'], 'expected linux_amd64'],
])('a platform that has none is refused: %j', async (args, said) => {
  const { code, stderr } = await runCli(['provider', 'mirror', join(tmpdir(), 'never'), ...args]);
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(said) });
  expect(existsSync(join(tmpdir(), 'never'))).toBe(false);
});

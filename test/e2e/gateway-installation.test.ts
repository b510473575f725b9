/**
 * `GatewayInstallation` by real Terraform, with Keeper's own command: `curl` and `sudo` of the host are stand-ins, whose
 * installer prints its token as a careless one would. The provider `hashicorp/null` is a stand-in, too.
 */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { type TerraformStack, Testing } from 'cdktf';
import { GatewayInstallation, type GatewayInstallationProps, KsmApplication, KsmProvider } from 'cdktf-ksm';
import { emptyStack } from '../lib/private/stack';
import { devOverrides } from '../support/overrides';
import type { Ended } from '../support/process';
import { TestService } from '../support/service';
import { SshHost } from '../support/ssh-host';
import { describeWithTools, Workspace } from '../support/terraform';

jest.setTimeout(240_000);

const SCP = (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, 'scp')));

/** What Keeper's script does here: keeps its arguments, prints them, and fails while a file says so. */
const INSTALLER = (host: string) => `
echo "installing with $*"
echo "$*" >> ${host}/arguments
echo "\${KSM_IAC_TOKEN:-none}" >> ${host}/api-tokens
ls /tmp > ${host}/tmp
if [ -e ${host}/fail ]; then echo "cannot install with $2" >&2; exit 7; fi
`;

describeWithTools('GatewayInstallation', (tool) => {
  let folder: string;
  let host: string;
  let env: NodeJS.ProcessEnv;
  let service: TestService;
  let workspace: Workspace;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'ksm-installation-'));
    host = join(folder, 'host');
    const [bin, providers] = [join(folder, 'bin'), join(folder, 'providers')];
    for (const one of [host, bin, providers]) mkdirSync(one);
    writeFileSync(join(folder, 'install.sh'), INSTALLER(host));
    const stub = (name: string, text: string) => {
      writeFileSync(join(bin, name), `#!/bin/sh\n${text}\n`);
      chmodSync(join(bin, name), 0o755);
    };
    stub('curl', `cat ${join(folder, 'install.sh')}`);
    stub('sudo', 'exec "$@"');
    env = { PATH: `${bin}${delimiter}${process.env.PATH}`, TF_CLI_CONFIG_FILE: devOverrides(providers) };
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  beforeEach(async () => {
    service = await TestService.start();
    workspace = new Workspace(tool, { ...service.env, ...env });
  });
  afterEach(async () => {
    workspace.dispose();
    rmSync(host, { recursive: true, force: true });
    mkdirSync(host);
    await service.dispose();
  });

  function write(props: Partial<GatewayInstallationProps> = {}, rotation = '1'): TerraformStack {
    const stack = emptyStack();
    new KsmProvider(stack, 'ksm');
    const gateway = new KsmApplication(stack, 'payments', { name: 'Payments' }).addGateway('gw', {
      name: 'gw',
      rotationTriggers: { host: rotation },
    });
    new GatewayInstallation(stack, 'installation', { gateway, ...props });
    writeFileSync(join(workspace.dir, 'cdk.tf.json'), Testing.synth(stack));
    return stack;
  }

  const apply = () =>
    workspace.run(['apply', '-auto-approve', '-input=false', '-no-color'], {
      TF_LOG: 'TRACE',
      TF_LOG_PATH: join(workspace.dir, 'trace.log'),
    });
  const token = async () =>
    String((await workspace.resources()).find(({ type }) => type === 'ksm_gateway')!.values.one_time_token);
  const installed = () => readFileSync(join(host, 'arguments'), 'utf8').trim().split('\n');

  /** In nothing that Terraform prints, logs or keeps of the installation is the token. */
  async function expectNoLeak(ended: Ended): Promise<void> {
    const secret = await token();
    expect(secret.length).toBeGreaterThan(40);
    for (const text of [ended.stdout, ended.stderr, workspace.read('trace.log')]) expect(text).not.toContain(secret);
    const installation = (await workspace.resources()).find(({ type }) => type === 'null_resource');
    expect(JSON.stringify(installation ?? {})).not.toContain(secret);
  }

  function expectOnce(ended: Ended): void {
    expect({ code: ended.code, said: ended.code === 0 ? '' : ended.stdout + ended.stderr }).toEqual({
      code: 0,
      said: '',
    });
  }

  test('hands the API token of the provider to no installer', async () => {
    write();
    expectOnce(await apply());
    expect(readFileSync(join(host, 'api-tokens'), 'utf8')).toBe('none\n');
  });

  test('installs once where Terraform runs, again with another gateway alone, and shows its token nowhere', async () => {
    write();
    const first = await apply();
    expectOnce(first);
    expect(installed()).toEqual([`--token ${await token()}`]);
    await expectNoLeak(first);
    expectOnce(await apply());
    expect(installed()).toHaveLength(1);
    write({}, '2');
    expectOnce(await apply());
    expect(installed()).toHaveLength(2);
    expect(installed()[1]).toBe(`--token ${await token()}`);
  });

  test('says what the installer said when it fails, without the token, and runs it again at the next apply', async () => {
    write();
    writeFileSync(join(host, 'fail'), '');
    const failed = await apply();
    expect(failed.code).toBe(1);
    expect(failed.stdout + failed.stderr).toContain('cannot install with <one-time token>');
    expect(failed.stdout + failed.stderr).toContain('exit status 7');
    await expectNoLeak(failed);
    rmSync(join(host, 'fail'));
    expectOnce(await apply());
    expect(installed()).toEqual([`--token ${await token()}`, `--token ${await token()}`]);
  });

  test('runs a command of your own with the token in its environment', async () => {
    write({ command: `echo "\${KSM_GATEWAY_TOKEN}" > ${join('$HOME', 'own')}` });
    expectOnce(await apply());
    expect(readFileSync(join(workspace.dir, '.home/own'), 'utf8').trim()).toBe(await token());
  });

  if (!SCP) {
    test.skip('over ssh: install scp to run this', () => {});
  } else {
    describe('over ssh', () => {
      let ssh: SshHost;
      beforeEach(async () => {
        ssh = await SshHost.start('pass word', { ...process.env, ...env });
      });
      afterEach(() => ssh.stop());
      const connection = () =>
        ({
          type: 'ssh',
          host: '127.0.0.1',
          port: ssh.port,
          user: 'admin',
          password: ssh.password,
          hostKey: ssh.hostKey,
        }) as const;
      const left = () => readdirSync('/tmp').filter((name) => /^ksm-gateway-/.test(name));

      test('installs, prints what the installer says with the token masked, and leaves no token on the host', async () => {
        write({ connection: connection() });
        const ended = await apply();
        expectOnce(ended);
        expect(installed()).toEqual([`--token ${await token()}`]);
        expect(ended.stdout).toContain('installing with --token <one-time token>');
        await expectNoLeak(ended);
        expect(ssh.commands.join('\n')).not.toContain(await token());
        // Gone before the installer looked.
        expect(readFileSync(join(host, 'tmp'), 'utf8')).not.toContain('ksm-gateway-');
      });

      test('leaves none when it fails either, where Terraform leaves its script', async () => {
        write({ connection: connection() });
        writeFileSync(join(host, 'fail'), '');
        const failed = await apply();
        expect(failed.code).toBe(1);
        expect(failed.stdout).toContain('cannot install with <one-time token>');
        await expectNoLeak(failed);
        expect(left()).toEqual([]);
        const scripts = readdirSync('/tmp').filter((name) => /^terraform_.*\.sh$/.test(name));
        for (const script of scripts) expect(readFileSync(join('/tmp', script), 'utf8')).not.toContain(await token());
        rmSync(join(host, 'fail'));
        expectOnce(await apply());
        for (const script of scripts) rmSync(join('/tmp', script), { force: true });
      });
    });
  }
});

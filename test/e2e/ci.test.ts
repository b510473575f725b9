/** The jobs of docs/ci.md, as they stand there. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { goPlatform } from '../../cli/private/provider-mirror';
import { ARCHIVES } from '../support/bundles';
import { runCli, shellFunction } from '../support/cli';
import { writeNullProvider } from '../support/overrides';
import { Running } from '../support/process';
import { TestService } from '../support/service';
import { describeWithTools, Workspace } from '../support/terraform';
import { fillVault, VAULT } from '../support/vault';

jest.setTimeout(240_000);

const page = readFileSync(resolve(__dirname, '../../docs/ci.md'), 'utf8');
const blocks = (language: string, heading: string): string[] => {
  const section = page.split(/^## /m).find((text) => text.startsWith(heading)) ?? '';
  return [...section.matchAll(new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(([, text]) => text!);
};
const block = (language: string, heading: string): string => blocks(language, heading)[0] ?? 'exit 99';

describeWithTools('docs/ci.md', (tool) => {
  let service: TestService;
  let workspace: Workspace;
  let folder: string;
  beforeAll(async () => {
    service = await TestService.start();
    await fillVault(service);
    folder = mkdtempSync(join(tmpdir(), 'ksm-iac-ci-'));
  });
  afterAll(async () => {
    workspace?.dispose();
    rmSync(folder, { recursive: true, force: true });
    await service.dispose();
  });

  const token = async (scope: string) => {
    const args = ['token', 'create', '--name', scope, '--scope', scope, '--data', service.dataDir];
    return (await runCli(args)).stdout.trim();
  };
  const job = async (script: string, KSM_IAC_TOKEN: string) => {
    const function_ = shellFunction();
    const env = { ...own, ...image, KSM_IAC_ENDPOINT: service.endpoint, KSM_IAC_TOKEN, TF_CLI_ARGS: '-no-color' };
    const typed = `set -e; ${function_}\n${script.replace(/^terraform /gm, `${tool} `)}`;
    return new Running('bash', ['-c', typed], {
      cwd: workspace.dir,
      env: { ...env, KSM_IAC_CA_CERTIFICATE: readFileSync(service.caCertificateFile, 'utf8') },
    }).ended;
  };
  const own = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(TF_|KSM_)/.test(name)));
  let image: Record<string, string>;

  test('the image, the lock file, and the jobs of a pull request, a merge and a night', async () => {
    const dockerfile = block('dockerfile', 'An image');
    const variables = /^ENV (.*)$/m.exec(dockerfile)![1]!.replaceAll('/opt/ksm-iac', join(folder, 'opt'));
    image = Object.fromEntries(variables.split(' ').map((pair) => pair.split('=') as [string, string]));
    const [, install] = /(ksm-iac provider install .*)/.exec(dockerfile)!;
    const hcl = `
resource "ksm_application" "pipeline" { name = "pipeline" }
resource "ksm_shared_folder_grant" "secrets" {
  application_id = ksm_application.pipeline.id
  folder_uid     = "${VAULT.deployment}"
}
resource "ksm_client_device" "job" {
  application_id = ksm_application.pipeline.id
  name           = "job"
}`;
    workspace = new Workspace(tool, service.env).write(hcl);
    const lock = join(workspace.dir, '.terraform.lock.hcl');
    rmSync(lock);
    rmSync(join(workspace.dir, '.terraform'), { recursive: true });
    const [read, write] = [await token('read'), await token('write')];
    expect(await job(install!.replace('/opt/ksm-iac', join(folder, 'opt')), read)).toMatchObject({ code: 0 });

    const unlocked = await job('terraform init', read);
    expect(unlocked).toMatchObject({ code: 0, stdout: expect.stringContaining('Incomplete lock file information') });
    const hashes = () => workspace.read('.terraform.lock.hcl').match(/"h1:[^"]+"/g);
    const first = hashes();
    expect(first).toHaveLength(1);
    const locked = await job(block('sh', 'An image'), read);
    expect({ code: locked.code, said: locked.code === 0 ? '' : locked.stderr }).toEqual({ code: 0, said: '' });
    // The script is one for all platforms; executables are not.
    if (!ARCHIVES) expect(hashes()).toEqual(first);

    const [request, merge, night] = ['Pull request', 'After the merge', 'Every night'].map((name) => block('sh', name));
    const planned = await job(request!, read);
    expect(planned).toMatchObject({ code: 0, stdout: expect.stringContaining('Plan: 3 to add') });
    expect(planned.stdout).not.toContain('Incomplete lock file');
    expect(JSON.parse(workspace.read('plan.json')).resource_changes).toHaveLength(3);
    const refused = await job(merge!, read);
    expect(refused.code).toBe(1);
    expect(refused.stderr.replace(/[\s│]+/g, ' ')).toContain('needs the scope "write", and it has "read"');

    expect(await job(merge!, write)).toMatchObject({ code: 0, stdout: expect.stringContaining('3 added') });
    expect(await job(night!, read)).toMatchObject({ code: 0 });
    const client = service.client();
    const { id } = (await client.findApplication('pipeline'))!;
    const [device] = await client.listDevices(id);
    await client.deleteDevice(id, device!.clientId);
    expect(await job(night!, read)).toMatchObject({ code: 2 });
  });

  test('other providers come from the same mirror, into which a machine that reaches the registry has put them', async () => {
    const [required, configured] = blocks('hcl', 'Other providers');
    const registry = new Workspace(tool, {});
    try {
      mkdirSync(join(registry.dir, 'others'));
      writeFileSync(join(registry.dir, 'others/main.tf'), required!);
      // The registry is not reached here, and is asked for this provider alone.
      const hosts = ['registry.terraform.io', 'registry.opentofu.org'];
      const nowhere = hosts.map(
        (host) => `host "${host}" {\n  services = { "providers.v1" = "https://127.0.0.1:1/" }\n}\n`,
      );
      writeFileSync(join(registry.dir, 'hosts.tfrc'), nowhere.join(''));
      const command = block('sh', 'Other providers').replace(/^terraform /, `${tool} `);
      const asked = await new Running('bash', ['-ec', command], {
        cwd: registry.dir,
        env: { ...own, TF_CLI_CONFIG_FILE: join(registry.dir, 'hosts.tfrc'), TF_CLI_ARGS: '-no-color' },
      }).ended;
      expect({ code: asked.code, said: asked.stderr.replace(/[\s│]+/g, ' ') }).toEqual({
        code: 1,
        said: expect.stringMatching(/Provider not available .*127\.0\.0\.1:1.*hashicorp\/null/),
      });

      const mirror = join(registry.dir, 'mirror');
      expect(await runCli(['provider', 'mirror', mirror])).toMatchObject({ code: 0 });
      for (const host of hosts) {
        const unpacked = join(mirror, host, 'hashicorp/null/3.2.4', goPlatform(process.platform, process.arch));
        mkdirSync(unpacked, { recursive: true });
        writeNullProvider(join(unpacked, 'terraform-provider-null_v3.2.4.cjs'));
      }
      const config = join(registry.dir, 'mirror.tfrc');
      writeFileSync(config, configured!.replace('/opt/ksm-iac/mirror', mirror));
      writeFileSync(
        join(registry.dir, 'main.tf'),
        required!.replace('null =', 'ksm = { source = "ksm-iac/ksm" }\n null ='),
      );
      const initialised = await registry.run(['init', '-no-color'], { TF_CLI_CONFIG_FILE: config });
      expect({ code: initialised.code, said: initialised.stderr }).toEqual({ code: 0, said: '' });
      expect(initialised.stdout).toContain('Installed hashicorp/null v3.2.4');
    } finally {
      registry.dispose();
    }
  });
});

/** The jobs of docs/ci.md, as they stand there. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ensureBundles } from '../support/bundles';
import { runCli } from '../support/cli';
import { Running } from '../support/process';
import { TestService } from '../support/service';
import { describeWithTools, Workspace } from '../support/terraform';
import { fillVault, VAULT } from '../support/vault';

jest.setTimeout(240_000);

const page = readFileSync(resolve(__dirname, '../../docs/ci.md'), 'utf8');
const block = (language: string, heading: string): string => {
  const section = page.split(/^## /m).find((text) => text.startsWith(heading));
  return new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)^\`\`\`$`, 'm').exec(section ?? '')?.[1] ?? 'exit 99';
};

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
    const function_ = `ksm-iac() { '${process.execPath}' '${ensureBundles().cli}' "$@"; }`;
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

    const locked = await job(block('sh', 'An image'), read);
    expect({ code: locked.code, said: locked.code === 0 ? '' : locked.stderr }).toEqual({ code: 0, said: '' });

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
});

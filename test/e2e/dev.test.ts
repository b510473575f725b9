import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCli } from '../support/cli';
import { describeWithTools } from '../support/terraform';

jest.setTimeout(240_000);

const FOLDER_UID = 'AAAAAAAAAAAAAAAAAAAAAA';
const STACK = `
terraform {
  required_providers {
    ksm = { source = "ksm-iac/ksm" }
  }
}
resource "ksm_application" "app" { name = "first minute" }
resource "ksm_shared_folder_grant" "grant" {
  application_id = ksm_application.app.id
  folder_uid     = "${FOLDER_UID}"
}
`;

describeWithTools('ksm-iac dev', (tool) => {
  // A folder that a careless quoting of the CLI configuration would break.
  const dir = mkdtempSync(join(tmpdir(), `ksm-iac it's "dev" `));
  const own = Object.entries(process.env).filter(([name]) => !/^(TF_|KSM_|NODE_EXTRA)/.test(name));
  const env = { ...Object.fromEntries(own), HOME: dir, XDG_DATA_HOME: join(dir, 'share'), CHECKPOINT_DISABLE: '1' };
  const dev = (options: string[], command: string) =>
    runCli(['dev', ...options, '--', 'sh', '-c', command], { cwd: dir, env });

  beforeAll(() => {
    writeFileSync(join(dir, 'main.tf'), STACK);
    writeFileSync(join(dir, 'vault.json'), JSON.stringify({ shared_folders: [{ uid: FOLDER_UID, path: 'Folder' }] }));
  });
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  test('Terraform runs in one line: service, vault and provider come along and leave nothing', async () => {
    const commands = `${tool} init -input=false && ${tool} apply -auto-approve -input=false -state=once.tfstate`;
    const { code, stdout, stderr } = await dev(['--vault-file', 'vault.json'], commands);
    expect({ code, stderr: code === 0 ? '' : stderr + stdout }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('2 added');
  });

  test('with --data the vault stays, so that a later plan is empty', async () => {
    const data = ['--data', join(dir, 'data')];
    expect(await dev([...data, '--vault-file', 'vault.json'], `${tool} init`)).toMatchObject({ code: 0 });
    expect(await dev(data, `${tool} apply -auto-approve -input=false`)).toMatchObject({ code: 0 });
    expect(await dev(data, `${tool} plan -input=false -detailed-exitcode`)).toMatchObject({ code: 0 });
    expect(await dev(data, `${tool} plan -input=false -detailed-exitcode -destroy`)).toMatchObject({ code: 2 });
  });
});

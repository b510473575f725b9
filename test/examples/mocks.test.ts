import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describeWithTools, Workspace } from '../support/terraform';

const root = resolve(__dirname, '../..');
const MOCKS = 'examples/hcl/mocks/ksm.tfmock.hcl';

describeWithTools('a module is tested without a vault', (tool) => {
  test('with the test of the guide and the mocked values of the examples', async () => {
    const workspace = new Workspace(tool, {});
    try {
      workspace.write(`
resource "ksm_application" "payments" { name = "Payments" }
data "ksm_shared_folder" "secrets" { name = "Databases" }
resource "ksm_shared_folder_grant" "secrets" {
  application_id = ksm_application.payments.id
  folder_uid     = data.ksm_shared_folder.secrets.uid
}
resource "ksm_client_device" "deploy" {
  application_id = ksm_application.payments.id
  name           = "deploy"
}
resource "ksm_gateway" "gateway" {
  application_id = ksm_application.payments.id
  name           = "gateway"
}
`);
      const folder = join(workspace.dir, 'tests/mocks');
      mkdirSync(folder, { recursive: true });
      copyFileSync(join(root, MOCKS), join(folder, 'ksm.tfmock.hcl'));
      const guide = readFileSync(join(root, 'docs/provider/guides/terraform-test.md'), 'utf8');
      const [, hcl] = guide.match(/```terraform\n(.*?)```/s)!;
      writeFileSync(join(workspace.dir, 'tests/guide.tftest.hcl'), hcl!);
      const { code, stdout, stderr } = await workspace.run(['test', '-no-color']);
      expect({ code, said: stdout + stderr }).toEqual({ code: 0, said: expect.stringContaining('1 passed, 0 failed') });
    } finally {
      workspace.dispose();
    }
  });
});

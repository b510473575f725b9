/** `initialization = "config"`: what a downstream resource gets is all that an official SDK needs, in the same apply. */
import { join } from 'node:path';
import { TestService } from '../support/service';
import { describeWithTools, Workspace } from '../support/terraform';
import { fillVault, VAULT } from '../support/vault';

jest.setTimeout(240_000);

/** A Python with test/e2e/python/requirements.txt installed. */
const PYTHON = process.env.KSM_IAC_TEST_PYTHON;
const PROGRAM =
  'import json; from keeper_secrets_manager_core import SecretsManager; print(json.dumps(sorted(r.title for r in SecretsManager().get_secrets())))';

describeWithTools('a configuration', (tool) => {
  let service: TestService;
  let workspace: Workspace;
  const stack = (command: string) => `
resource "ksm_application" "app" { name = "configuration" }
resource "ksm_shared_folder_grant" "folder" {
  application_id = ksm_application.app.id
  folder_uid     = "${VAULT.deployment}"
}
resource "ksm_client_device" "device" {
  application_id = ksm_application.app.id
  name           = "device"
  initialization = "config"
  ip_lock        = false
  depends_on     = [ksm_shared_folder_grant.folder]
}
resource "terraform_data" "consumer" {
  triggers_replace = ksm_client_device.device.client_id
  provisioner "local-exec" {
    command = ${JSON.stringify(`${command} > titles.json`)}
    environment = {
      KSM_CONFIG          = ksm_client_device.device.config
      NODE_EXTRA_CA_CERTS = "${service.caCertificateFile}"
      REQUESTS_CA_BUNDLE  = "${service.caCertificateFile}"
    }
  }
}
output "decoded" {
  value     = jsondecode(base64decode(ksm_client_device.device.config))
  sensitive = true
}
`;

  beforeEach(async () => {
    service = await TestService.start();
    await fillVault(service);
    workspace = new Workspace(tool, service.env);
  });
  afterEach(async () => {
    workspace.dispose();
    await service.dispose();
  });

  test('works in the JavaScript SDK by KSM_CONFIG alone, and base64decode gives the JSON that SDKs keep', async () => {
    workspace.write(stack(`'${process.execPath}' '${join(__dirname, '../support/config-device.mjs')}'`));
    await workspace.apply();
    expect(JSON.parse(workspace.read('titles.json'))).toEqual(['deploy key']);
    const decoded = JSON.parse((await workspace.run(['output', '-json', 'decoded'])).stdout);
    expect(decoded).toMatchObject({ hostname: service.deviceApi.hostname, serverPublicKey: expect.any(String) });
    expect(await workspace.plan()).toEqual({});
  });

  if (!PYTHON) {
    test.skip('works in the Python SDK: install test/e2e/python/requirements.txt and name that Python in KSM_IAC_TEST_PYTHON to run this', () => {});
  } else {
    test('works in the Python SDK by KSM_CONFIG alone', async () => {
      workspace.write(stack(`'${PYTHON}' -c '${PROGRAM}'`));
      await workspace.apply();
      expect(JSON.parse(workspace.read('titles.json'))).toEqual(['deploy key']);
    });
  }
});

import { join } from 'node:path';
import { DEVICE_SCRIPT, deviceEnv, useDevice } from '../support/device';
import { TestService } from '../support/service';
import { describeWithTools, Workspace } from '../support/terraform';
import { fillVault, RECORD_PASSWORD, VAULT } from '../support/vault';

jest.setTimeout(240_000);

describeWithTools('redemption', (tool) => {
  let service: TestService;
  let workspace: Workspace;

  beforeAll(async () => {
    service = await TestService.start();
    await fillVault(service);
    workspace = new Workspace(tool, { ...service.env, ...deviceEnv(service) }).write(`
resource "ksm_application" "app" { name = "pipeline" }
resource "ksm_shared_folder_grant" "folder" {
  application_id = ksm_application.app.id
  folder_uid     = "${VAULT.deployment}"
}
resource "ksm_client_device" "device" {
  application_id = ksm_application.app.id
  name           = "runner"
  depends_on     = [ksm_shared_folder_grant.folder]
}
resource "terraform_data" "consumer" {
  triggers_replace = ksm_client_device.device.id
  provisioner "local-exec" {
    command     = "'${process.execPath}' '${DEVICE_SCRIPT}' > redeemed.json"
    environment = {
      DEVICE_TOKEN    = ksm_client_device.device.one_time_token
      DEVICE_HOSTNAME = ksm_client_device.device.hostname
      DEVICE_CONFIG   = "device.json"
    }
  }
}
`);
    await workspace.apply();
  });
  afterAll(async () => {
    workspace.dispose();
    await service.dispose();
  });

  test('a downstream resource redeems the token in the same apply, and reads what is granted and nothing else', () => {
    expect(JSON.parse(workspace.read('redeemed.json'))).toEqual({ titles: ['deploy key'] });
  });

  test('the token stays in state as issued, and a second plan is empty although it is used up', async () => {
    expect(await workspace.plan()).toEqual({});
    const { one_time_token, hostname } = await workspace.values('ksm_client_device.device');
    const config = join(workspace.dir, 'second.json');
    const second = await useDevice(service, { config, token: one_time_token as string, hostname: hostname as string });
    expect(second).toEqual({ error: expect.stringContaining('The one-time token has been redeemed already') });
    expect(await workspace.plan()).toEqual({});
  });

  test('a grant that is added is read at the next use, a restart of the service changes nothing', async () => {
    const config = join(workspace.dir, 'device.json');
    const { id } = await workspace.values('ksm_application.app');
    await service.client().putGrant(id as string, VAULT.registry, {});
    expect(await service.end('SIGTERM')).toBe(0);
    await service.restart();
    expect(await useDevice(service, { config })).toEqual({ titles: ['deploy key', 'registry'] });
    await service.client().deleteGrant(id as string, VAULT.registry);
  });

  test('after destroy the device is refused', async () => {
    await workspace.destroy();
    const refused = await useDevice(service, { config: join(workspace.dir, 'device.json') });
    expect(refused).toEqual({ error: expect.stringContaining('access_denied') });
  });

  test('no secret is in anything that the service wrote', () => {
    expect(service.output).not.toContain(RECORD_PASSWORD);
    expect(service.output).not.toContain(service.token);
  });
});

import { TestService } from '../support/service';
import { describeWithTools, Workspace } from '../support/terraform';
import { fillVault, VAULT } from '../support/vault';

jest.setTimeout(240_000);

describeWithTools('import', (tool) => {
  let service: TestService;
  let workspace: Workspace;
  let ids: Record<'application' | 'device' | 'gateway', string>;

  beforeAll(async () => {
    service = await TestService.start();
    await fillVault(service);
    const client = service.client();
    const application = await client.createApplication({ name: 'clicked together' });
    await client.putGrant(application.id, VAULT.deployment, { editable: true });
    await client.putGrant(application.id, VAULT.registry, {});
    const device = await client.createDevice(application.id, { name: 'server', accessExpiresInMinutes: 600 });
    const gateway = await client.createGateway(application.id, { name: 'gateway' });
    ids = { application: application.id, device: device.id, gateway: gateway.id };
    workspace = new Workspace(tool, service.env).write(`
resource "ksm_application" "app" { name = "clicked together" }
resource "ksm_shared_folder_grant" "folder" {
  application_id = ksm_application.app.id
  folder_uid     = "${VAULT.deployment}"
  editable       = true
}
resource "ksm_record_grant" "record" {
  application_id = ksm_application.app.id
  record_uid     = "${VAULT.registry}"
}
resource "ksm_client_device" "device" {
  application_id            = ksm_application.app.id
  name                      = "server"
  access_expires_in_minutes = 600
}
resource "ksm_gateway" "gateway" {
  application_id = ksm_application.app.id
  name           = "gateway"
}
`);
  });
  afterAll(async () => {
    workspace.dispose();
    await service.dispose();
  });

  const importing = async (address: string, id: string) => {
    const { code, stdout, stderr } = await workspace.run(['import', '-input=false', '-no-color', address, id]);
    return { code, said: (stdout + stderr).replace(/\n[│|╷╵]? */g, ' ').replace(/\s+/g, ' ') };
  };

  test('an id that is malformed or names nothing is refused with its form', async () => {
    expect(await importing('ksm_application.app', 'short')).toMatchObject({
      code: 1,
      said: expect.stringContaining('22 characters'),
    });
    expect(await importing('ksm_client_device.device', ids.application)).toMatchObject({
      code: 1,
      said: expect.stringContaining('client id'),
    });
    expect(await importing('ksm_application.app', VAULT.missing)).toMatchObject({ code: 1 });
  });

  test('every resource is imported by its id, and the plan afterwards is empty', async () => {
    const app = ids.application;
    expect(await importing('ksm_application.app', app)).toMatchObject({ code: 0 });
    expect(await importing('ksm_shared_folder_grant.folder', `${app}/${VAULT.deployment}`)).toMatchObject({ code: 0 });
    expect(await importing('ksm_record_grant.record', `${app}/${VAULT.registry}`)).toMatchObject({ code: 0 });
    expect(await importing('ksm_client_device.device', ids.device)).toMatchObject({ code: 0 });
    expect(await importing('ksm_gateway.gateway', ids.gateway)).toMatchObject({ code: 0 });
    expect(await workspace.plan()).toEqual({});
    expect(await workspace.values('ksm_client_device.device')).toMatchObject({ one_time_token: null, ip_lock: true });
  });
});

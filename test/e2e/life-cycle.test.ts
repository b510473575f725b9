import { TestService } from '../support/service';
import { describeWithTools, Workspace } from '../support/terraform';
import { fillVault, VAULT } from '../support/vault';

jest.setTimeout(240_000);

const stack = (change: { name?: string; minutes?: number; trigger?: string; editable?: boolean } = {}) => `
resource "ksm_application" "app" {
  name = "${change.name ?? 'payments'}"
}
resource "ksm_shared_folder_grant" "folder" {
  application_id = ksm_application.app.id
  folder_uid     = "${VAULT.deployment}"
  editable       = ${change.editable ?? false}
}
resource "ksm_record_grant" "record" {
  application_id = ksm_application.app.id
  record_uid     = "${VAULT.registry}"
}
resource "ksm_client_device" "device" {
  application_id           = ksm_application.app.id
  name                     = "runner"
  ip_lock                  = false
  token_expires_in_minutes = ${change.minutes ?? 30}
  rotation_triggers        = { quarter = "${change.trigger ?? 'Q1'}" }
}
resource "ksm_gateway" "gateway" {
  application_id = ksm_application.app.id
  name           = "gateway"
}
`;

describeWithTools('life cycle', (tool) => {
  let service: TestService;
  let workspace: Workspace;

  beforeAll(async () => {
    service = await TestService.start();
    await fillVault(service);
    workspace = new Workspace(tool, service.env).write(stack());
    await workspace.apply();
  });
  afterAll(async () => {
    workspace.dispose();
    await service.dispose();
  });

  test('what is applied is in the vault, and a second plan is empty', async () => {
    const { id } = await workspace.values('ksm_application.app');
    const device = await workspace.values('ksm_client_device.device');
    const gateway = await workspace.values('ksm_gateway.gateway');
    const found = await service.client().getApplication(id as string, ['grants', 'devices', 'gateways']);
    expect(found.name).toBe('payments');
    expect(found.grants!.map(({ secretUid, editable }) => [secretUid, editable]).sort()).toEqual([
      [VAULT.deployment, false],
      [VAULT.registry, false],
    ]);
    expect(found.devices).toMatchObject([{ id: device.id, name: 'runner', ipLock: false, status: 'pending' }]);
    expect(found.gateways).toMatchObject([{ id: gateway.id, name: 'gateway', gatewayUid: null }]);
    expect(device).toMatchObject({ id: `${id}/${device.client_id}`, hostname: service.deviceApi.hostname });
    expect(await workspace.plan()).toEqual({});
  });

  test('names, the life of the next token and permissions change in place', async () => {
    const before = await workspace.values('ksm_client_device.device');
    workspace.write(stack({ name: 'payments 2', minutes: 45, editable: true }));
    expect(await workspace.plan()).toEqual({
      'ksm_application.app': 'update',
      'ksm_client_device.device': 'update',
      'ksm_shared_folder_grant.folder': 'update',
    });
    await workspace.apply();
    const after = await workspace.values('ksm_client_device.device');
    expect(after).toEqual({ ...before, token_expires_in_minutes: 45 });
    const { id, name } = await workspace.values('ksm_application.app');
    expect(name).toBe('payments 2');
    const found = await service.client().getApplication(id as string, ['grants']);
    expect(found).toMatchObject({ name: 'payments 2' });
    expect(found.grants!.find(({ secretUid }) => secretUid === VAULT.deployment)).toMatchObject({ editable: true });
    expect(await workspace.plan()).toEqual({});
  });

  test('a rotation trigger replaces the device and revokes the old one', async () => {
    workspace.write(stack());
    await workspace.apply();
    const before = await workspace.values('ksm_client_device.device');
    workspace.write(stack({ trigger: 'Q2' }));
    expect(await workspace.plan()).toEqual({ 'ksm_client_device.device': 'delete,create' });
    await workspace.apply();
    const after = await workspace.values('ksm_client_device.device');
    expect(after.client_id).not.toBe(before.client_id);
    expect(after.one_time_token).not.toBe(before.one_time_token);
    const { devices } = await service.client().getApplication(after.application_id as string, ['devices']);
    expect(devices!.map(({ clientId }) => clientId)).toEqual([after.client_id]);
    expect(await workspace.plan()).toEqual({});
  });

  test('what was removed behind our back is planned again, and nothing else', async () => {
    const client = service.client();
    const device = await workspace.values('ksm_client_device.device');
    const gateway = await workspace.values('ksm_gateway.gateway');
    const application = device.application_id as string;
    await client.deleteDevice(application, device.client_id as string);
    await client.deleteGateway(application, gateway.client_id as string);
    await client.deleteGrant(application, VAULT.registry);
    expect(await workspace.plan()).toEqual({
      'ksm_client_device.device': 'create',
      'ksm_gateway.gateway': 'create',
      'ksm_record_grant.record': 'create',
    });
    await workspace.apply();
    expect(await workspace.plan()).toEqual({});
    await client.deleteApplication(application, { force: true });
    expect(Object.keys(await workspace.plan())).toHaveLength(5);
    await workspace.apply();
    expect(await workspace.plan()).toEqual({});
  });

  test('a grant that was widened behind our back is planned back, in place', async () => {
    const { application_id } = await workspace.values('ksm_record_grant.record');
    await service.client().putGrant(application_id as string, VAULT.registry, { editable: true });
    expect(await workspace.plan()).toEqual({ 'ksm_record_grant.record': 'update' });
    await workspace.apply();
    expect(await service.client().getGrant(application_id as string, VAULT.registry)).toMatchObject({
      editable: false,
    });
  });

  test('destroy leaves nothing, even of what was removed already', async () => {
    const device = await workspace.values('ksm_client_device.device');
    await service.client().deleteDevice(device.application_id as string, device.client_id as string);
    await workspace.destroy();
    expect(await workspace.resources()).toEqual([]);
    await expect(service.client().getApplication(device.application_id as string)).rejects.toMatchObject({
      code: 'application_not_found',
    });
  });
});

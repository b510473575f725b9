import { join } from 'node:path';
import { useDevice } from '../support/device';
import { TestService } from '../support/service';
import { describeWithTools, Workspace } from '../support/terraform';
import { fillVault, VAULT } from '../support/vault';

jest.setTimeout(180_000);

describeWithTools('a gateway', (tool) => {
  let service: TestService;
  let workspace: Workspace;
  const stack = (name: string, editable = true) => `
resource "ksm_application" "app" { name = "gateways" }
resource "ksm_shared_folder_grant" "machines" {
  application_id = ksm_application.app.id
  folder_uid     = "${VAULT.deployment}"
  editable       = ${editable}
}
resource "ksm_gateway" "site" {
  application_id = ksm_application.app.id
  name           = "${name}"
  depends_on     = [ksm_shared_folder_grant.machines]
}
data "ksm_gateways" "all" {
  application_id = ksm_application.app.id
  depends_on     = [ksm_gateway.site]
}
output "status" { value = one(data.ksm_gateways.all.items).status }
`;

  beforeAll(async () => {
    service = await TestService.start();
    await fillVault(service);
    workspace = new Workspace(tool, service.env);
  });
  afterAll(async () => {
    workspace.dispose();
    await service.dispose();
  });

  const site = () => workspace.values('ksm_gateway.site');
  const listed = async () => service.client().listGateways(String((await site()).application_id));
  const status = async () => JSON.parse((await workspace.run(['output', '-json', 'status'])).stdout);

  test('is pending when it is made, without a UID or a warning, and plans nothing', async () => {
    workspace.write(stack('site'));
    expect((await workspace.planned()).said).not.toContain('Warning');
    await workspace.apply();
    expect(await site()).toMatchObject({ gateway_uid: null, one_time_token: expect.any(String) });
    expect(await status()).toBe('pending');
    expect(await workspace.plan()).toEqual({});
  });

  test('is replaced under another name while it is pending', async () => {
    workspace.write(stack('renamed'));
    expect(await workspace.plan()).toEqual({ 'ksm_gateway.site': 'delete,create' });
    await workspace.apply();
  });

  test('has its UID by the next refresh once it has initialised, which plans nothing', async () => {
    const { one_time_token, hostname } = await site();
    const device = {
      config: join(workspace.dir, 'gateway.json'),
      token: String(one_time_token),
      hostname: String(hostname),
    };
    expect(await useDevice(service, device)).toEqual({ titles: ['deploy key'] });
    expect(await workspace.plan()).toEqual({});
    await workspace.apply('-refresh-only');
    expect((await site()).gateway_uid).toMatch(/^[\w-]{22}$/);
    expect(await status()).toBe('active');
  });

  test('is renamed in place once it has initialised, and keeps its credential', async () => {
    const before = await site();
    workspace.write(stack('in place'));
    expect(await workspace.plan()).toEqual({ 'ksm_gateway.site': 'update' });
    await workspace.apply();
    expect(await site()).toEqual({ ...before, name: 'in place' });
    expect((await useDevice(service, { config: join(workspace.dir, 'gateway.json') })).titles).toEqual(['deploy key']);
  });

  test.each([
    ['taint', ['taint', 'ksm_gateway.site'], []],
    ['-replace', undefined, ['-replace=ksm_gateway.site']],
  ])('is made anew by %s, and the old one is refused', async (_, command, args) => {
    const before = await site();
    if (command) expect((await workspace.run(command)).code).toBe(0);
    await workspace.apply(...args);
    const after = await site();
    expect(after.client_id).not.toBe(before.client_id);
    expect((await listed()).map(({ clientId }) => clientId)).toEqual([after.client_id]);
    expect(await useDevice(service, { config: join(workspace.dir, 'gateway.json') })).toEqual({
      error: expect.stringContaining('access_denied'),
    });
  });

  test('is planned again when it was removed behind our back', async () => {
    const { application_id, client_id } = await site();
    await service.client().deleteGateway(String(application_id), String(client_id));
    expect(await workspace.plan()).toEqual({ 'ksm_gateway.site': 'create' });
    await workspace.apply();
    expect(await workspace.plan()).toEqual({});
  });

  test('is not warned about where its editable grant is planned with it, in an application that there is already', async () => {
    await workspace.destroy();
    workspace.write('resource "ksm_application" "app" { name = "gateways" }');
    await workspace.apply();
    workspace.write(stack('later'));
    expect((await workspace.planned()).said).not.toContain('Warning');
    const applied = await workspace.run(['apply', '-auto-approve', '-input=false', '-no-color']);
    expect({ code: applied.code, said: applied.stdout }).toEqual({
      code: 0,
      said: expect.not.stringContaining('Warning'),
    });
  });

  test('is warned about where its application has no editable grant, at plan and when it is made', async () => {
    await workspace.destroy();
    workspace.write(stack('warned', false));
    const applied = await workspace.run(['apply', '-auto-approve', '-input=false', '-no-color']);
    expect(applied.code).toBe(0);
    expect(applied.stdout.replace(/\s+/g, ' ')).toMatch(/Warning: .*editable/);
    await workspace.destroy();
    expect(await service.client().findApplication('gateways')).toBeUndefined();
  });
});

import { TestService } from '../support/service';
import { describeWithTools, Workspace } from '../support/terraform';
import { fillVault, VAULT } from '../support/vault';

jest.setTimeout(240_000);

/** What JSON, HCL, shells and tokenizers trip over. */
const AWKWARD = `it's "quoted" \${not.a.reference} %{neither} back\\slash 'ünï' 🔑 --name=$HOME`;
const hcl = (text: string) => JSON.stringify(text).replace(/[$%](?=\{)/g, (sign) => sign + sign);

describeWithTools('applications', (tool) => {
  let service: TestService;
  const workspaces: Workspace[] = [];
  const workspace = (text: string) => {
    const made = new Workspace(tool, service.env).write(text);
    workspaces.push(made);
    return made;
  };

  beforeAll(async () => {
    service = await TestService.start();
    await fillVault(service);
  });
  afterAll(async () => {
    for (const made of workspaces) made.dispose();
    await service.dispose();
  });

  test('names with quotes, templates, backslashes and emoji are stored as written and plan nothing', async () => {
    const awkward = workspace(`
resource "ksm_application" "app" { name = ${hcl(AWKWARD)} }
resource "ksm_client_device" "device" {
  application_id = ksm_application.app.id
  name           = ${hcl(AWKWARD)}
}
resource "ksm_gateway" "gateway" {
  application_id = ksm_application.app.id
  name           = ${hcl(AWKWARD)}
}
`);
    await awkward.apply();
    const { id, name } = await awkward.values('ksm_application.app');
    expect(name).toBe(AWKWARD);
    const found = await service.client().getApplication(id as string, ['devices', 'gateways']);
    expect([found.name, found.devices![0]!.name, found.gateways![0]!.name]).toEqual([AWKWARD, AWKWARD, AWKWARD]);
    expect(await awkward.plan()).toEqual({});
    await awkward.destroy();
  });

  test('a name with a control character is refused by validate, at its attribute', async () => {
    const bad = workspace(`resource "ksm_application" "app" { name = "bell \\u0007" }`);
    const { code, stdout } = await bad.run(['validate', '-json']);
    expect(code).toBe(1);
    const { diagnostics } = JSON.parse(stdout) as { diagnostics: Array<{ detail: string; snippet: { code: string } }> };
    expect(diagnostics).toHaveLength(1);
    expect(diagnostics[0]!.detail).toContain('control characters');
  });

  test('a name that is taken is refused with the import to run', async () => {
    const taken = await service.client().createApplication({ name: 'taken' });
    const clash = workspace('resource "ksm_application" "app" { name = "taken" }');
    expect(await clash.applyFails()).toContain(`terraform import ksm_application.NAME ${taken.id}`);
    await service.client().deleteApplication(taken.id, { force: false });
  });

  test('an application with what this configuration does not manage is destroyed only by force', async () => {
    const stack = (force: boolean) => `resource "ksm_application" "app" {
  name          = "shared"
  force_destroy = ${force}
}`;
    const owner = workspace(stack(false));
    await owner.apply();
    const { id } = await owner.values('ksm_application.app');
    const client = service.client();
    const device = await client.createDevice(id as string, { name: "somebody else's" });
    await client.putGrant(id as string, VAULT.deployment, {});
    owner.write('');
    const refused = await owner.applyFails();
    expect(refused).toContain(device.id);
    expect(refused).toContain("somebody else's");
    expect(refused).toContain(VAULT.deployment);
    expect(refused).toContain('force_destroy');
    owner.write(stack(true));
    expect(await owner.plan()).toEqual({ 'ksm_application.app': 'update' });
    await owner.apply();
    await owner.destroy();
    await expect(client.getApplication(id as string)).rejects.toMatchObject({ code: 'application_not_found' });
  });

  test('a UID that nothing has is a warning at plan and an error at apply, one of the wrong kind an error', async () => {
    const stack = (uid: string) => `
resource "ksm_application" "app" { name = "grants" }
resource "ksm_shared_folder_grant" "grant" {
  application_id = ksm_application.app.id
  folder_uid     = "${uid}"
}`;
    const grants = workspace(stack(VAULT.missing));
    const { changes, said } = await grants.planned();
    expect(changes).toHaveLength(2);
    expect(said).toMatch(new RegExp(`Warning: .*${VAULT.missing}`));
    expect(await grants.applyFails()).toContain(VAULT.missing);
    grants.write(stack(VAULT.registry));
    expect(await grants.applyFails()).toMatch(new RegExp(`${VAULT.registry}.* is a record.*ksm_record_grant`));
    grants.write(stack(VAULT.deployment));
    await grants.apply();
    expect(await grants.plan()).toEqual({});
    await grants.destroy();
  });

  test('a grant that exists is adopted when it is the same, and refused with the import when it is not', async () => {
    const { id } = await service.client().createApplication({ name: 'adopted' });
    await service.client().putGrant(id, VAULT.deployment, { editable: true });
    const stack = (editable: boolean) => `resource "ksm_shared_folder_grant" "grant" {
  application_id = "${id}"
  folder_uid     = "${VAULT.deployment}"
  editable       = ${editable}
}`;
    const adopting = workspace(stack(false));
    expect(await adopting.applyFails()).toContain(
      `terraform import ksm_shared_folder_grant.NAME ${id}/${VAULT.deployment}`,
    );
    adopting.write(stack(true));
    await adopting.apply();
    expect(await adopting.plan()).toEqual({});
  });
});

import { TestService } from '../support/service';
import { describeWithTools, Workspace } from '../support/terraform';
import { fillVault, VAULT } from '../support/vault';

jest.setTimeout(180_000);

describeWithTools('grants', (tool) => {
  let service: TestService;
  let workspace: Workspace;

  beforeAll(async () => {
    service = await TestService.start();
    await fillVault(service);
  });
  afterAll(() => service.dispose());
  beforeEach(() => {
    workspace = new Workspace(tool, service.env);
  });
  afterEach(() => workspace.dispose());

  const granted = async () => {
    const { id } = await workspace.values('ksm_application.app');
    return (await service.client().listGrants(id as string)).map(({ secretUid }) => secretUid);
  };

  test('a grant that is replaced under create_before_destroy is there afterwards, and plans nothing', async () => {
    const stack = (revision: number) => `
resource "terraform_data" "revision" { input = "${revision}" }
resource "ksm_application" "app" { name = "replaced" }
resource "ksm_shared_folder_grant" "folder" {
  application_id = ksm_application.app.id
  folder_uid     = "${VAULT.deployment}"
  lifecycle {
    create_before_destroy = true
    replace_triggered_by  = [terraform_data.revision]
  }
}`;
    await workspace.write(stack(1)).apply();
    for (const revision of [2, 3]) {
      await workspace.write(stack(revision)).apply();
      expect(await granted()).toEqual([VAULT.deployment]);
      expect(await workspace.plan()).toEqual({});
    }
    await workspace.apply('-replace=ksm_shared_folder_grant.folder');
    expect(await granted()).toEqual([VAULT.deployment]);
    await workspace.destroy();
  });

  test('a grant whose address is renamed without "moved" is there afterwards', async () => {
    const stack = (name: string) => `
resource "ksm_application" "app" { name = "renamed" }
resource "ksm_record_grant" "${name}" {
  application_id = ksm_application.app.id
  record_uid     = "${VAULT.registry}"
}`;
    await workspace.write(stack('old')).apply();
    for (const name of ['new', 'newer', 'newest']) {
      workspace.write(stack(name));
      const { said } = await workspace.planned();
      expect(said).toContain('exists already and will be adopted');
      expect(said).toContain('"moved"');
      await workspace.apply();
      expect(await granted()).toEqual([VAULT.registry]);
      expect(await workspace.plan()).toEqual({});
    }
    await workspace.destroy();
  });

  test('null for a required argument is refused before anything is destroyed', async () => {
    const stack = `
variable "uid" { default = "${VAULT.registry}" }
resource "ksm_application" "app" { name = "required" }
resource "ksm_record_grant" "record" {
  application_id = ksm_application.app.id
  record_uid     = var.uid
}`;
    await workspace.write(stack).apply();
    workspace.write(stack.replace(`default = "${VAULT.registry}"`, 'default = null'));
    const plan = await workspace.run(['plan', '-input=false', '-no-color']);
    expect(plan.code).toBe(1);
    expect(plan.stderr).toContain('record_uid');
    await workspace.applyFails();
    expect(await granted()).toEqual([VAULT.registry]);
    await workspace.write(stack).destroy();
  });
});

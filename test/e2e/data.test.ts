import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { TestService } from '../support/service';
import { describeWithTools, Workspace } from '../support/terraform';
import { fillVault, VAULT } from '../support/vault';

jest.setTimeout(180_000);

describeWithTools('what is looked up, opened and computed', (tool) => {
  let service: TestService;
  let workspace: Workspace;
  let applicationId: string;

  beforeAll(async () => {
    service = await TestService.start();
    await fillVault(service);
    applicationId = (await service.client().createApplication({ name: 'clicked together' })).id;
    await service.client().createDevice(applicationId, { name: 'server' });
  });
  afterAll(() => service.dispose());
  beforeEach(() => {
    workspace = new Workspace(tool, service.env);
  });
  afterEach(() => workspace.dispose());

  const outputs = async () => {
    const { stdout } = await workspace.run(['output', '-json']);
    const all = JSON.parse(stdout) as Record<string, { value: unknown }>;
    return Object.fromEntries(Object.entries(all).map(([name, { value }]) => [name, value]));
  };

  test('data sources tell what is in the vault', async () => {
    workspace.write(`
data "ksm_application" "app" { name = "clicked together" }
data "ksm_applications" "all" {}
data "ksm_shared_folder" "folder" { name = "Deployment" }
data "ksm_shared_folders" "all" {}
data "ksm_record" "record" { title = "registry" }
data "ksm_service" "this" {}
data "ksm_client_devices" "of_app" { application_id = data.ksm_application.app.id }
data "ksm_gateways" "of_app" { application_id = data.ksm_application.app.id }
output "found" {
  value = {
    application  = data.ksm_application.app.id
    applications = data.ksm_applications.all.items[*].name
    folder       = [data.ksm_shared_folder.folder.uid, data.ksm_shared_folder.folder.kind]
    folders      = sort(data.ksm_shared_folders.all.items[*].name)
    record       = data.ksm_record.record.uid
    hostname     = data.ksm_service.this.hostname
    ca           = data.ksm_service.this.ca_certificate
    config       = contains(data.ksm_service.this.features, "initialization.config")
    devices      = [for device in data.ksm_client_devices.of_app.items : "\${device.name} \${device.status}"]
    gateways     = length(data.ksm_gateways.of_app.items)
  }
}
`);
    await workspace.apply();
    expect((await outputs()).found).toEqual({
      application: applicationId,
      applications: ['clicked together'],
      folder: [VAULT.deployment, 'classic'],
      folders: ['Deployment', 'Payroll'],
      record: VAULT.registry,
      hostname: service.deviceApi.hostname,
      ca: readFileSync(service.caCertificateFile, 'utf8'),
      config: true,
      devices: ['server pending'],
      gateways: 0,
    });
  });

  test('functions compute from a token, and what is no token is an error that does not show it', async () => {
    const key = 'k'.repeat(42);
    workspace.write(`
output "parsed" { value = provider::ksm::parse_one_time_token("EU:${key}A") }
output "linux" { value = provider::ksm::gateway_install_command("linux", null, true) }
output "compose" { value = yamldecode(provider::ksm::gateway_docker_compose("e30=")).services.keeper-gateway.image }
`);
    await workspace.apply();
    expect(await outputs()).toEqual({
      parsed: { region: 'EU', host: 'keepersecurity.eu', client_id: expect.stringMatching(/^[\w-]{86}$/) },
      linux: 'curl -fsSL https://keepersecurity.com/pam/install | sudo bash -s -- --autoupdate',
      compose: 'keeper/gateway:latest',
    });
    workspace.write(`output "parsed" { value = provider::ksm::parse_one_time_token(join("", ["EU:", "${key}"])) }`);
    expect(await workspace.applyFails()).toContain('42 characters');
  });

  test('an ephemeral device serves one run and is in no plan, no state, and not in the vault afterwards', async () => {
    workspace.write(`
ephemeral "ksm_client_device" "run" {
  application_id = "${applicationId}"
  name           = "this run"
  enabled        = terraform.applying
}
resource "terraform_data" "use" {
  provisioner "local-exec" {
    command     = "printf %s \\"$KSM_CONFIG\\" > used"
    environment = { KSM_CONFIG = ephemeral.ksm_client_device.run.config }
  }
}
`);
    const made = async () =>
      (await service.client().listAuditEvents({ action: 'client_device.create' })).filter(({ target }) =>
        target?.startsWith(applicationId),
      ).length;
    const before = await made();
    await workspace.plan();
    expect(await made()).toBe(before);
    await workspace.apply('tfplan');
    expect(await made()).toBe(before + 1);
    const config = workspace.read('used');
    const { privateKey } = JSON.parse(Buffer.from(config, 'base64').toString());
    expect(privateKey).toEqual(expect.any(String));
    for (const file of ['terraform.tfstate', 'tfplan']) {
      const bytes = readFileSync(join(workspace.dir, file)).toString('latin1');
      expect(bytes).not.toContain(config);
      expect(bytes).not.toContain(privateKey);
    }
    const names = (await service.client().listDevices(applicationId)).map(({ name }) => name);
    expect(names).toEqual(['server']);
  });
});

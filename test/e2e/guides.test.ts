/** What the guides of the provider's documentation say, done: their snippets are one configuration each, and applied. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { TestService } from '../support/service';
import { describeWithTools, Workspace } from '../support/terraform';
import { fillVault, VAULT } from '../support/vault';

jest.setTimeout(180_000);

const folder = resolve(__dirname, '../../docs/provider/guides');
const guides = readdirSync(folder);
/** Snippets of a language; those of other vendors' providers, which are not downloaded here, are `hcl`. */
const snippets = (guide: string, language: 'terraform' | 'hcl'): string =>
  [...readFileSync(join(folder, guide), 'utf8').matchAll(new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)^\`\`\`$`, 'gm'))]
    .map(([, text]) => text)
    .join('\n');

describeWithTools('the guides', (tool) => {
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

  const devicesOf = async (name: string) => {
    const application = await service.client().findApplication(name);
    return application ? service.client().listDevices(application.id) : [];
  };
  const APPLY = ['apply', '-auto-approve', '-input=false', '-no-color'];

  test('every snippet of HCL is read by the tool, and formatted', async () => {
    for (const guide of guides) {
      for (const language of ['terraform', 'hcl'] as const) {
        writeFileSync(join(workspace.dir, `${guide}.${language}.tf`), snippets(guide, language));
      }
    }
    const { code, stdout, stderr } = await workspace.run(['fmt', '-check', '-diff', '-no-color']);
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  test('tokens, plans and state: the token goes to its consumer, the ephemeral device leaves nothing', async () => {
    workspace.write(snippets('tokens-plans-and-state.md', 'terraform'));
    await workspace.apply();
    expect((await devicesOf('Payments')).map(({ name }) => name)).toEqual(['deploy job']);
    const { one_time_token } = await workspace.values('ksm_client_device.deploy');
    // What the table says of plan and state.
    expect(workspace.read('terraform.tfstate')).toContain(one_time_token);
    expect((await workspace.run(['plan', '-no-color'])).stdout).not.toContain(one_time_token);
    await workspace.planned();
    expect((await workspace.run(['show', '-json', 'tfplan'])).stdout).toContain(one_time_token);
    await workspace.destroy();
  });

  test('rotation: the consumer has the new token before the old device is revoked', async () => {
    workspace.write(snippets('rotation.md', 'terraform'));
    await workspace.apply();
    const [first] = await devicesOf('Payments');
    const rotated = await workspace.run([...APPLY, '-var=rotation=2027-Q1']);
    expect(rotated.code).toBe(0);
    const order = [
      'ksm_client_device.server: Creation complete',
      'terraform_data.consumer: Creation complete',
      'ksm_client_device.server (deposed object',
    ];
    const places = order.map((line) => rotated.stdout.indexOf(line));
    expect(places).not.toContain(-1);
    expect(places).toEqual([...places].sort((a, b) => a - b));
    const left = await devicesOf('Payments');
    expect(left).toHaveLength(1);
    expect(left[0]!.clientId).not.toBe(first!.clientId);
    expect(workspace.read('redeemed.txt').trim().split('\n')).toHaveLength(2);
    expect(await workspace.plan('-var=rotation=2027-Q1')).toEqual({});
    // Once, without a change in the configuration.
    expect((await workspace.run([...APPLY, '-var=rotation=2027-Q1', '-replace=ksm_client_device.server'])).code).toBe(
      0,
    );
    expect(workspace.read('redeemed.txt').trim().split('\n')).toHaveLength(3);
    await workspace.destroy();
  });

  test('adopting: what exists is imported, and nothing is made anew', async () => {
    const client = service.client();
    const application = await client.createApplication({ name: 'Payments' });
    const device = await client.createDevice(application.id, { name: 'by hand' });
    const values = [`-var=application_id=${application.id}`, '-var=device_name=by hand'];
    workspace.write(snippets('adopting.md', 'terraform'));
    const applied = await workspace.run([...APPLY, ...values]);
    expect(applied.stdout).toContain('Apply complete! Resources: 2 imported, 0 added, 0 changed, 0 destroyed.');
    expect(await workspace.plan(...values)).toEqual({});
    expect((await devicesOf('Payments')).map(({ clientId }) => clientId)).toEqual([device.clientId]);
    expect((await workspace.run(['destroy', '-auto-approve', ...values])).code).toBe(0);
  });

  test('adopting: a configuration that Terraform writes plans nothing', async () => {
    const { id } = await service.client().createApplication({ name: 'Written' });
    const grant = await service.client().putGrant(id, VAULT.deployment, {});
    const device = await service.client().createDevice(id, { name: 'runner', ipLock: false });
    const gateway = await service.client().createGateway(id, { name: 'gateway' });
    const blocks = Object.entries({
      'ksm_application.a': id,
      'ksm_shared_folder_grant.g': grant.id,
      'ksm_client_device.d': device.id,
      'ksm_gateway.w': gateway.id,
    }).map(([to, own]) => `import {\n  to = ${to}\n  id = "${own}"\n}`);
    workspace.write(blocks.join('\n'));
    expect(await workspace.run(['plan', '-input=false', '-generate-config-out=generated.tf'])).toMatchObject({
      code: 0,
    });
    expect(workspace.read('generated.tf')).not.toMatch(/one_time_token|created_at|hostname/);
    const applied = await workspace.run(APPLY);
    expect(applied.stdout).toContain('Resources: 4 imported, 0 added, 0 changed, 0 destroyed.');
    expect(await workspace.plan()).toEqual({});
    await workspace.destroy();
  });

  test('read at plan, write at apply', async () => {
    workspace.write(snippets('read-at-plan-write-at-apply.md', 'terraform'));
    const { token } = await service
      .client()
      .createApiToken({ name: 'pull-requests', scope: 'read', expiresInDays: 90 });
    const reading = { KSM_IAC_TOKEN: token };
    expect(await workspace.run(['plan', '-input=false'], reading)).toMatchObject({ code: 0 });
    expect((await workspace.run(APPLY, reading)).stderr).toContain('forbidden');
    expect(await workspace.run(APPLY)).toMatchObject({ code: 0 });
    expect(await workspace.run(['plan', '-input=false', '-detailed-exitcode'], reading)).toMatchObject({ code: 0 });
    // Enabled at plan, the device wants a session.
    workspace.write(snippets('read-at-plan-write-at-apply.md', 'terraform').replace(/^ +enabled.*\n/m, ''));
    const refused = await workspace.run(['plan', '-input=false', '-no-color'], reading);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/--scope\s+session/);
    const session = await service.client().createApiToken({ name: 'sessions', scope: 'session' });
    expect(await workspace.run(['plan', '-input=false'], { KSM_IAC_TOKEN: session.token })).toMatchObject({ code: 0 });
    expect(await devicesOf('Payments')).toEqual([]);
    await workspace.destroy();
  });

  test('Kubernetes: the configuration is base64 of what an SDK keeps, and the gateway has no warning', async () => {
    workspace.write(snippets('kubernetes.md', 'terraform'));
    const applied = await workspace.run([...APPLY, `-var=folder_uid=${VAULT.deployment}`]);
    expect(applied).toMatchObject({ code: 0 });
    expect(applied.stdout).not.toContain('Warning');
    const { config } = await workspace.values('ksm_client_device.external_secrets');
    expect(JSON.parse(Buffer.from(String(config), 'base64').toString())).toHaveProperty('clientId');
    expect((await workspace.run(['output', '-raw', 'compose'])).stdout).toContain('GATEWAY_CONFIG');
    expect((await workspace.run(['destroy', '-auto-approve', `-var=folder_uid=${VAULT.deployment}`])).code).toBe(0);
  });

  test('cloud-init: the user data has all that the machine needs', async () => {
    workspace.write(`${snippets('cloud-init.md', 'terraform')}
output "user_data" {
  value     = local.user_data
  sensitive = true
}`);
    await workspace.apply();
    const userData = (await workspace.run(['output', '-raw', 'user_data'])).stdout;
    const { one_time_token } = await workspace.values('ksm_client_device.web');
    expect(userData).toMatch(/^#cloud-config\n/);
    expect(userData).toContain(`DEVICE_ONE_TIME_TOKEN=${one_time_token}\n`);
    expect(userData).toContain(`KSM_IAC_DEVICE_SERVER_PUBLIC_KEY=${service.deviceApi.serverPublicKey}\n`);
    const certificate = /content: (".*")/.exec(userData)![1]!;
    expect(JSON.parse(certificate)).toBe(readFileSync(service.caCertificateFile, 'utf8'));
    await workspace.destroy();
  });
});

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { TestService } from '../support/service';
import { describeWithTools, Workspace } from '../support/terraform';

jest.setTimeout(240_000);

describeWithTools('secrecy', (tool) => {
  let service: TestService;
  let workspace: Workspace;
  let tokens: string[];
  let logs: string;

  beforeAll(async () => {
    service = await TestService.start();
    workspace = new Workspace(tool, service.env).write(`
resource "ksm_application" "app" { name = "secret" }
resource "ksm_client_device" "device" {
  application_id = ksm_application.app.id
  name           = "device"
}
resource "ksm_gateway" "gateway" {
  application_id = ksm_application.app.id
  name           = "gateway"
}`);
    const trace = { TF_LOG_PROVIDER: 'TRACE', TF_LOG_PATH: join(workspace.dir, 'provider.log') };
    const applied = await workspace.run(['apply', '-auto-approve', '-input=false', '-no-color'], trace);
    expect(applied.code).toBe(0);
    logs = applied.stdout + applied.stderr + workspace.read('provider.log');
    const resources = await workspace.resources();
    tokens = resources.flatMap(({ values }) => (values.one_time_token as string | undefined) ?? []);
  });
  afterAll(async () => {
    workspace.dispose();
    await service.dispose();
  });

  test('the tokens are in the state', () => {
    expect(tokens).toHaveLength(2);
    const state = workspace.read('terraform.tfstate');
    for (const token of tokens) expect(state).toContain(token);
  });

  test('neither token is in what the provider logs at TRACE, or in what Terraform prints', () => {
    expect(logs).toContain('ksm_client_device');
    for (const secret of [...tokens, service.token]) expect(logs).not.toContain(secret);
  });

  test('neither token is in what the service logs at debug, or in any file of its data folder', () => {
    const files = readdirSync(service.dataDir, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name)));
    expect(service.output).toContain('/devices');
    for (const token of tokens) {
      const bytes = Buffer.from(token.split(':').at(-1)!, 'base64url');
      expect(service.output).not.toContain(token);
      for (const file of files) expect(file.includes(token) || file.includes(bytes)).toBe(false);
    }
  });

  test('neither token is in an audit event, and every change has one', async () => {
    const reply = await fetchAudit(service);
    for (const secret of [...tokens, service.token]) expect(reply).not.toContain(secret);
    const actions = (JSON.parse(reply) as { items: Array<{ action: string }> }).items.map(({ action }) => action);
    const changes = actions.filter((action) => action !== 'api_token.create').sort();
    expect(changes).toEqual(['application.create', 'client_device.create', 'gateway.create']);
  });
});

async function fetchAudit(service: TestService): Promise<string> {
  const { request } = await import('node:https');
  return new Promise((resolve, reject) => {
    const options = {
      ca: readFileSync(service.caCertificateFile),
      headers: { authorization: `Bearer ${service.token}` },
    };
    request(`${service.endpoint}/v1/audit-events`, options, (reply) => {
      let text = '';
      reply.on('data', (chunk) => {
        text += chunk;
      });
      reply.on('end', () => resolve(text));
    })
      .on('error', reject)
      .end();
  });
}

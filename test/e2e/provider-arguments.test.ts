/** The arguments of the provider block, as real Terraform hands them over: unknown ones, aliases, limits of time. */

import { mkdirSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { TestService } from '../support/service';
import { describeWithTools, Workspace } from '../support/terraform';

jest.setTimeout(180_000);

describeWithTools('provider arguments', (tool) => {
  let service: TestService;
  let other: TestService;
  let workspace: Workspace;

  beforeAll(async () => {
    service = await TestService.start();
    other = await TestService.start();
  });
  afterAll(async () => {
    await service.dispose();
    await other.dispose();
  });
  beforeEach(() => {
    workspace = new Workspace(tool, {});
  });
  afterEach(() => workspace.dispose());

  const argumentsOf = ({ env, caCertificateFile }: TestService) => `
  endpoint            = "${env.KSM_IAC_ENDPOINT}"
  token               = "${env.KSM_IAC_TOKEN}"
  ca_certificate_file = "${caCertificateFile}"`;

  test('what is known only after an apply: creations are planned, a refresh keeps the state with one warning, a data source says what to do', async () => {
    const stack = (id: string, more = '') => `
resource "terraform_data" "platform" { triggers_replace = "${id}" }
provider "ksm" {
  alias = "late"
  endpoint            = replace("${service.env.KSM_IAC_ENDPOINT}", terraform_data.platform.id, "")
  token               = "${service.env.KSM_IAC_TOKEN}"
  ca_certificate_file = "${service.caCertificateFile}"
}
resource "ksm_application" "first" {
  provider = ksm.late
  name     = "late first"
}
resource "ksm_application" "second" {
  provider = ksm.late
  name     = "late second"
}
${more}`;
    workspace.write(stack('a'));
    expect(await workspace.plan()).toEqual({
      'terraform_data.platform': 'create',
      'ksm_application.first': 'create',
      'ksm_application.second': 'create',
    });
    await workspace.apply();
    expect((await service.client().findApplication('late first'))?.name).toBe('late first');

    // The replaced resource makes the endpoint unknown again, for what is in the state now.
    workspace.write(stack('b'));
    const { changes, said } = await workspace.planned();
    expect(changes.map(({ address }) => address)).toEqual(['terraform_data.platform']);
    expect(said.match(/Warning: /g)).toHaveLength(1);
    expect(said).toContain('The configuration of the provider has values that are known only after apply');

    const data = 'data "ksm_application" "read" {\n  provider = ksm.late\n  name     = "late first"\n}';
    workspace.write(stack('b', data));
    const failed = await workspace.run(['plan', '-input=false', '-no-color']);
    expect(failed.code).toBe(1);
    expect(failed.stderr).toContain('-target');
    workspace.write(stack('b'));
    await workspace.apply();
    await workspace.destroy();
  });

  test('each alias is a service, a run and a vault of its own', async () => {
    const applications = (provider: string) => `
provider "ksm" {
  alias = "${provider}"${argumentsOf(provider === 'one' ? service : other)}
}
resource "ksm_application" "${provider}" {
  provider = ksm.${provider}
  name     = "of ${provider}"
}
resource "ksm_client_device" "${provider}" {
  provider       = ksm.${provider}
  application_id = ksm_application.${provider}.id
  name           = "device"
}`;
    workspace.write(applications('one') + applications('two'));
    await workspace.apply();
    const namesAt = async (at: TestService) => (await at.client().listApplications()).map(({ name }) => name);
    expect(await namesAt(service)).toContain('of one');
    expect(await namesAt(service)).not.toContain('of two');
    expect(await namesAt(other)).toEqual(['of two']);
    // Each settled a run of its own: nothing that either made was taken for lost.
    for (const at of [service, other]) {
      expect((await at.client().listRuns({ state: 'settled' })).length).toBeGreaterThan(0);
      expect(await at.client().listOrphans({ state: 'unsure' })).toEqual([]);
    }
    expect(await workspace.plan()).toEqual({});
    await workspace.destroy();
  });

  test('operation_timeout_seconds is the time of each resource, and the error says so', async () => {
    let creations = 0;
    const info = JSON.stringify(await service.client().info());
    const fake = createServer(({ url }, response) => {
      if (url === '/v1/info') {
        response.writeHead(200, { 'content-type': 'application/json' }).end(info);
        return;
      }
      creations++;
      const problem = { type: 'about:blank', title: 'Busy', status: 503, code: 'vault_busy', detail: 'Later.' };
      response
        .writeHead(503, { 'retry-after': '1', 'content-type': 'application/problem+json' })
        .end(JSON.stringify({ ...problem, requestId: 'r' }));
    });
    await new Promise<void>((resolve) => fake.listen(0, '127.0.0.1', resolve));
    try {
      workspace.write(`
provider "ksm" {
  alias                     = "slow"
  endpoint                  = "http://127.0.0.1:${(fake.address() as AddressInfo).port}"
  token                     = "ksm_iac_token"
  operation_timeout_seconds = 3
}
resource "ksm_application" "a" {
  provider = ksm.slow
  name     = "a"
}
resource "ksm_application" "b" {
  provider = ksm.slow
  name     = "b"
}`);
      // One after the other, so that a limit for both together would leave the second no time to be asked in.
      const said = await workspace.applyFails({ TF_CLI_ARGS_apply: '-parallelism=1' });
      expect(said.match(/did not finish within the operation timeout/g)).toHaveLength(2);
      expect(said.match(/raise operation_timeout_seconds/g)).toHaveLength(2);
      expect(creations).toBeGreaterThanOrEqual(4);
    } finally {
      fake.closeAllConnections();
      fake.close();
    }
  });

  test('a TMPDIR whose path is too long for a socket is no matter', async () => {
    const long = join(workspace.dir, 'a'.repeat(120 - workspace.dir.length));
    mkdirSync(long, { recursive: true });
    workspace.write('resource "ksm_application" "app" { name = "long way" }');
    const env = { ...service.env, TMPDIR: long };
    const applied = await workspace.run(['apply', '-auto-approve', '-input=false', '-no-color'], env);
    expect({ code: applied.code, stderr: applied.stderr }).toEqual({ code: 0, stderr: '' });
    expect((await workspace.run(['destroy', '-auto-approve', '-no-color'], env)).code).toBe(0);
  });
});

/** The examples of the provider's documentation and the snippets of its guides, applied. */
import { chmodSync, copyFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { TestService } from '../support/service';
import { describeWithTools, Workspace } from '../support/terraform';

jest.setTimeout(180_000);

const root = resolve(__dirname, '../..');
const examples = join(root, 'examples');
/** UIDs that the examples name. */
const FOLDER = 'gM3FYZ7dVtnT2aAyDEx1dg';
const RECORD = '9vU2qXkR5tGzW8yBcE1hTA';

describeWithTools('the examples of the documentation', (tool) => {
  let service: TestService;
  let workspace: Workspace;

  beforeAll(async () => {
    service = await TestService.start();
    const client = service.client();
    const fields = [{ type: 'password', value: ['p'] }];
    await client.createVaultFolder({ uid: FOLDER, name: 'Databases' });
    await client.createVaultRecord({ uid: RECORD, data: { title: 'Production database', type: 'login', fields } });
    workspace = new Workspace(tool, { ...service.env, TF_VAR_gateway_config: 'e30=' }).write('');
  });
  afterAll(async () => {
    workspace.dispose();
    await service.dispose();
  });

  const add = (folder: string, file: string) => {
    for (const name of readdirSync(join(examples, folder))) {
      copyFileSync(join(examples, folder, name, file), join(workspace.dir, `${folder}-${name}.tf`));
    }
  };

  test('resources are made, and plan nothing then', async () => {
    add('resources', 'resource.tf');
    await workspace.apply();
    expect((await workspace.resources()).map(({ type }) => type).sort()).toEqual(
      readdirSync(join(examples, 'resources')).sort(),
    );
    expect(await workspace.plan()).toEqual({});
  });

  test('data sources, functions and the ephemeral device work beside them', async () => {
    add('data-sources', 'data-source.tf');
    add('functions', 'function.tf');
    add('ephemeral-resources', 'ephemeral-resource.tf');
    const script = join(workspace.dir, 'migrate.sh');
    writeFileSync(script, '#!/bin/sh\nprintf %s "$KSM_CONFIG" | base64 -d > device.json\n');
    chmodSync(script, 0o755);
    await workspace.apply();
    expect(JSON.parse(workspace.read('device.json'))).toMatchObject({ hostname: service.deviceApi.hostname });
    const output = JSON.parse((await workspace.run(['output', '-json'])).stdout);
    const { one_time_token } = await workspace.values('ksm_gateway.datacenter');
    expect(output.install_on_linux.value).toContain(one_time_token);
    expect(output.hostname.value).toBe(service.deviceApi.hostname);
    expect(output.never_used.value).toEqual(['deploy job']);
    // The ephemeral device is gone with its run.
    const { id } = await workspace.values('ksm_application.payments');
    expect((await service.client().listDevices(String(id))).map(({ name }) => name)).toEqual(['deploy job']);
    // What is imported has no token that a function could take apart.
    for (const name of readdirSync(workspace.dir)) if (name.startsWith('functions-')) rmSync(join(workspace.dir, name));
    const gateway = readFileSync(join(examples, 'resources/ksm_gateway/resource.tf'), 'utf8');
    writeFileSync(join(workspace.dir, 'resources-ksm_gateway.tf'), gateway.slice(0, gateway.indexOf('output ')));
  });

  test.each(readdirSync(join(examples, 'resources')))(
    '%s is imported by the form of its command, and plans nothing',
    async (type) => {
      const [, address] = /^terraform import (\S+) \S+\n$/.exec(
        readFileSync(join(examples, 'resources', type, 'import.sh'), 'utf8'),
      )!;
      const { id } = await workspace.values(address!);
      expect((await workspace.run(['state', 'rm', address!])).code).toBe(0);
      expect(await workspace.run(['import', '-input=false', '-no-color', address!, String(id)])).toMatchObject({
        code: 0,
      });
      const planned = Object.keys(await workspace.plan()).filter((planned) => planned === address);
      // What the vault cannot report is adopted in place: the device's token life and its first triggers.
      expect(planned).toEqual(type === 'ksm_client_device' ? [address] : []);
    },
  );
});

/** The programs of examples/, synthesized and applied on a service of their own. */
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { devOverrides } from '../support/overrides';
import { TestService } from '../support/service';
import { describeWithTools, Workspace } from '../support/terraform';
import { fillVault, VAULT } from '../support/vault';

jest.setTimeout(240_000);

const root = resolve(__dirname, '../..');
const TSX = [join(root, 'node_modules/tsx/dist/cli.mjs'), '--tsconfig', join(root, 'tsconfig.dev.json')];

describeWithTools('the examples of constructs', (tool) => {
  let folder: string;
  let bin: string;
  let cliConfigFile: string;
  let service: TestService;
  let workspace: Workspace;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'ksm-examples-'));
    bin = join(folder, 'bin');
    mkdirSync(bin);
    cliConfigFile = devOverrides(folder);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  beforeEach(async () => {
    service = await TestService.start();
    await fillVault(service);
    workspace = new Workspace(tool, {
      ...service.env,
      TF_CLI_CONFIG_FILE: cliConfigFile,
      PATH: `${bin}${delimiter}${process.env.PATH}`,
    });
  });
  afterEach(async () => {
    workspace.dispose();
    await service.dispose();
  });

  /** Into the workspace. */
  function synthesize(
    example: string,
    stack: string,
    env: NodeJS.ProcessEnv = {},
    look: (out: string) => void = () => {},
  ): void {
    const out = join(folder, 'out');
    execFileSync(process.execPath, [...TSX, join(root, 'examples', example, 'main.ts')], {
      cwd: root,
      env: { ...process.env, CDKTF_OUTDIR: out, TERRAFORM_BINARY_NAME: tool, FOLDER_UID: VAULT.deployment, ...env },
      stdio: 'pipe',
    });
    copyFileSync(join(out, 'stacks', stack, 'cdk.tf.json'), join(workspace.dir, 'cdk.tf.json'));
    look(out);
    rmSync(out, { recursive: true });
    // The backend of cdktf names a file beside the program.
    const json = JSON.parse(workspace.read('cdk.tf.json'));
    delete json.terraform.backend;
    writeFileSync(join(workspace.dir, 'cdk.tf.json'), JSON.stringify(json));
  }

  test('fleet: the devices of the file, each with its token as a sensitive output', async () => {
    synthesize('fleet', 'fleet');
    await workspace.apply();
    const output = JSON.parse((await workspace.run(['output', '-json'])).stdout);
    expect(Object.keys(output).sort()).toEqual(['build_token', 'laptop-ada_token', 'release_token']);
    expect(Object.values(output)).toEqual(Array(3).fill(expect.objectContaining({ sensitive: true })));
    expect(await workspace.plan()).toEqual({});
  });

  test('fleet: a mistake in the file ends the synthesis and says where', () => {
    const file = join(folder, 'wrong.yaml');
    writeFileSync(file, '- { id: build, name: build job, ipLock: "no", tokenExpiresInMinutes: 9999 }\n');
    const { status, stderr } = spawnSync(process.execPath, [...TSX, join(root, 'examples/fleet/main.ts')], {
      cwd: root,
      encoding: 'utf8',
      env: { ...process.env, CDKTF_OUTDIR: join(folder, 'out'), FLEET_FILE: file, TERRAFORM_BINARY_NAME: tool },
    });
    expect(status).toBe(1);
    expect(stderr).toContain(
      `ClientDevice 'fleet/fleet/build': tokenExpiresInMinutes is 9999. Expected a whole number from 1 to 1440. ipLock is "no".`,
    );
  });

  test('gitops: a stack for each team, and an exception is in the reports with its reason', async () => {
    synthesize('gitops', 'shop', {}, (out) => {
      const { summary, findings } = JSON.parse(readFileSync(join(out, 'ksm-checks.json'), 'utf8'));
      expect(summary).toEqual({ errors: 0, warnings: 0, infos: 0, accepted: 1 });
      expect(findings).toMatchObject([
        { path: 'shop/application/runner', accepted: expect.stringContaining('runners') },
      ]);
    });
    await service.client().createVaultFolder({ uid: 'nu0VapSH89AWjZ1uWqY6qA', name: 'Shop' });
    await workspace.apply();
    expect((await workspace.resources()).map(({ type }) => type).sort()).toEqual([
      'ksm_application',
      'ksm_client_device',
      'ksm_shared_folder_grant',
    ]);
  });

  test('gitops: without its reason the pull request fails, and says what to do', () => {
    const teams = join(folder, 'teams');
    mkdirSync(teams);
    const file = readFileSync(join(root, 'examples/gitops/teams/shop.yaml'), 'utf8');
    writeFileSync(join(teams, 'shop.yaml'), file.slice(0, file.indexOf('accept:')));
    const { status, stderr } = spawnSync(process.execPath, [...TSX, join(root, 'examples/gitops/main.ts')], {
      cwd: root,
      encoding: 'utf8',
      env: { ...process.env, CDKTF_OUTDIR: join(folder, 'out'), TEAMS_FOLDER: teams, TERRAFORM_BINARY_NAME: tool },
    });
    expect(status).toBe(1);
    expect(stderr).toContain('[shop/application/runner] unlocked-ip: The device is not locked to an address.');
  });

  test('gateway-on-linux: Keeper’s command runs with the gateway’s token', async () => {
    const stub = (name: string, text: string) => {
      writeFileSync(join(bin, name), `#!/bin/sh\n${text}\n`);
      chmodSync(join(bin, name), 0o755);
    };
    stub('curl', `echo 'echo "$2" > ${folder}/installed'`);
    stub('sudo', 'exec "$@"');
    synthesize('gateway-on-linux', 'gateway');
    await workspace.apply();
    const gateway = (await workspace.resources()).find(({ type }) => type === 'ksm_gateway')!;
    expect(readFileSync(join(folder, 'installed'), 'utf8').trim()).toBe(gateway.values.one_time_token);
    expect(await workspace.plan()).toEqual({});
  });

  test('adopting: what was made by hand is not made anew', async () => {
    const client = service.client();
    const { id } = await client.createApplication({ name: 'Payments' });
    await client.putGrant(id, VAULT.deployment, { editable: false });
    const made = await client.createDevice(id, { name: 'payments server' });
    synthesize('adopting', 'adopting', { APPLICATION_UID: id });
    const { said } = await workspace.planned();
    expect(said).toContain('2 to import, 1 to add, 0 to change, 0 to destroy');
    await workspace.apply();
    expect((await client.listDevices(id)).map(({ clientId }) => clientId)).toEqual([made.clientId]);
    expect(await workspace.plan()).toEqual({});
  });

  test('two-environments: each application is made in the vault of its provider', async () => {
    const live = await TestService.start();
    try {
      await fillVault(live);
      const services = { test: service, live };
      const env = Object.entries(services).flatMap(([name, { endpoint, caCertificateFile }]) => [
        [`${name.toUpperCase()}_ENDPOINT`, endpoint],
        [`${name.toUpperCase()}_CA_FILE`, caCertificateFile],
      ]);
      synthesize('two-environments', 'two-environments', Object.fromEntries(env));
      const vars = Object.entries(services).map(([name, { token }]) => `-var=${name}_token=${token}`);
      await workspace.apply(...vars);
      for (const [name, one] of Object.entries(services)) {
        const applications = await one.client().listApplications();
        expect(applications.map((application) => application.name)).toEqual([`Payments ${name}`]);
      }
      for (const text of [workspace.read('cdk.tf.json'), workspace.read('terraform.tfstate')]) {
        for (const { token } of Object.values(services)) expect(text).not.toContain(token);
      }
    } finally {
      await live.dispose();
    }
  });
});

/** examples/consumers, with the bindings of other vendors' providers: what reaches whom, and where it stands in plain text. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { TOOLS } from '../support/terraform';

const root = resolve(__dirname, '../..');
const example = join(root, 'examples/consumers');
const [tool] = TOOLS;

type Block = Record<string, unknown>;
interface Synthesized {
  readonly resource: Record<string, Record<string, Block>>;
  readonly output?: Record<string, Block>;
}

if (!existsSync(join(example, 'node_modules/@cdktf'))) {
  test.skip('examples/consumers: run `npm ci --prefix examples/consumers` to run this', () => {});
} else if (!tool) {
  test.skip('examples/consumers: install terraform or tofu to run this', () => {});
} else {
  describe('examples/consumers', () => {
    let folder: string;
    beforeAll(() => {
      folder = mkdtempSync(join(tmpdir(), 'consumers-'));
      const tsx = join(root, 'node_modules/tsx/dist/cli.mjs');
      execFileSync(process.execPath, [tsx, '--tsconfig', join(root, 'tsconfig.dev.json'), join(example, 'main.ts')], {
        cwd: root,
        env: { ...process.env, CDKTF_OUTDIR: folder, TERRAFORM_BINARY_NAME: tool },
        stdio: 'pipe',
      });
    });
    afterAll(() => rmSync(folder, { recursive: true }));

    const stack = (name: string): Synthesized =>
      JSON.parse(readFileSync(join(folder, 'stacks', name, 'cdk.tf.json'), 'utf8'));
    const one = (name: string, type: string): Block => Object.values(stack(name).resource[type]!)[0]!;

    test('compiles', () => {
      const { compilerOptions } = JSON.parse(readFileSync(join(root, 'tsconfig.dev.json'), 'utf8'));
      const paths = { 'cdktf-ksm': [join(root, 'lib/index.ts')] };
      const typeRoots = [join(root, 'node_modules/@types')];
      const config = join(folder, 'tsconfig.json');
      writeFileSync(
        config,
        JSON.stringify({
          compilerOptions: { ...compilerOptions, paths, typeRoots },
          files: [join(example, 'main.ts')],
        }),
      );
      execFileSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', config], { stdio: 'pipe' });
    });

    test('GitHub Actions: the secret is sealed, and no token stands anywhere', () => {
      const secret = one('github-actions', 'github_actions_secret');
      expect(secret.encrypted_value).toMatch(/^\$\{ksm_client_device\.\w+\.sealed_one_time_token}$/);
      expect(one('github-actions', 'ksm_client_device').seal_to_public_key).toMatch(
        /^\$\{data\.github_actions_public_key\.key\.key}$/,
      );
      expect(JSON.stringify(stack('github-actions'))).not.toMatch(/\.(one_time_token|config)}/);
    });

    test('Kubernetes: the operator and the chart each get a configuration of their own', () => {
      const secrets = stack('kubernetes').resource.kubernetes_secret_v1!;
      expect(secrets.keeper!.binary_data).toEqual({
        auth: expect.stringMatching(/^\$\{ksm_client_device\..*\.config}$/),
      });
      expect(secrets.gateway!.data).toEqual({
        'gateway-config': expect.stringMatching(/^\$\{ksm_gateway\..*\.config}$/),
      });
      expect(stack('kubernetes').output!.chart_values!.value).toContain('existingSecret: "keeper-gateway"');
      expect(stack('kubernetes').resource.ksm_shared_folder_grant).toMatchObject({
        [Object.keys(stack('kubernetes').resource.ksm_shared_folder_grant!).find((name) =>
          name.startsWith('gateways'),
        )!]: { editable: true },
      });
    });

    test('cloud-init: a token of later is no reason to make the machine anew', () => {
      const machine = one('cloud-init', 'aws_instance');
      expect(machine).toMatchObject({ lifecycle: { ignore_changes: ['user_data'] } });
      expect(machine.user_data).toContain('one_time_token');
    });

    test('AWS SSM: the parameter is encrypted', () => {
      expect(one('aws-ssm', 'aws_ssm_parameter')).toMatchObject({
        type: 'SecureString',
        value: expect.stringMatching(/\.config}$/),
      });
    });
  });
}

/** The example of `dev --help`, in a project of its own that has the real CDKTF CLI and no lock file of Terraform. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ensureBundles } from '../support/bundles';
import { runCli } from '../support/cli';
import { Running } from '../support/process';
import { TOOLS } from '../support/terraform';

jest.setTimeout(300_000);

/** The one of README.md. */
const program = () => /^```ts\n([\s\S]*?)^```$/m.exec(readFileSync(join(root, 'README.md'), 'utf8'))![1]!;

const root = resolve(__dirname, '../..');
/** A folder into which test/e2e/cdktf-cli was installed; its 400 MB are no matter for jest to watch. */
const CLI = process.env.KSM_IAC_TEST_CDKTF_CLI;

if (!CLI || !TOOLS.includes('terraform')) {
  test.skip('cdktf deploy under ksm-iac dev: install terraform, copy test/e2e/cdktf-cli to a folder, run npm ci there and name it in KSM_IAC_TEST_CDKTF_CLI to run this', () => {});
} else {
  test('cdktf deploy under ksm-iac dev, as dev --help writes it, applies the program of README.md', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ksm-iac-cdktf-cli-'));
    try {
      const modules = join(folder, 'node_modules');
      mkdirSync(join(modules, '.bin'), { recursive: true });
      for (const name of ['cdktf', 'constructs']) symlinkSync(join(root, 'node_modules', name), join(modules, name));
      // As npm lays out what `npm pack` makes: its package.json, with the compiled constructs beside it.
      symlinkSync(root, join(modules, 'cdktf-ksm'));
      symlinkSync(join(root, 'node_modules/.bin/tsx'), join(modules, '.bin/tsx'));
      symlinkSync(join(CLI, 'node_modules/.bin/cdktf'), join(modules, '.bin/cdktf'));
      writeFileSync(join(folder, 'package.json'), '{"private": true}');
      const app = 'npx tsx main.ts';
      const project = { language: 'typescript', app, projectId: 'test', sendCrashReports: 'false' };
      writeFileSync(join(folder, 'cdktf.json'), JSON.stringify(project));
      writeFileSync(join(folder, 'main.ts'), program());

      const { stdout: help } = await runCli(['dev', '--help']);
      const example = /^ {2}ksm-iac (dev -- npx cdktf deploy .*)$/m.exec(help)![1]!;
      const command = example.replace(
        'dev --',
        `dev --vault-file '${join(root, 'examples/ci-pipeline/vault.json')}' --`,
      );
      const own = Object.entries(process.env).filter(([name]) => !/^(TF_|KSM_|NODE_EXTRA)/.test(name));
      const { code, stdout, stderr } = await new Running(
        'sh',
        ['-c', `'${process.execPath}' '${ensureBundles().cli}' ${command} --auto-approve`],
        {
          cwd: folder,
          env: { ...Object.fromEntries(own), HOME: join(folder, 'home'), CHECKPOINT_DISABLE: '1', CI: '1' },
        },
      ).ended;
      expect({ code, stderr: code === 0 ? '' : stderr + stdout }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toMatch(/Apply complete! Resources: 4 added/);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  test('the program of README.md synthesizes on CDK Terrain, where it stands for cdktf', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ksm-iac-cdktn-'));
    try {
      const modules = join(folder, 'node_modules');
      mkdirSync(join(modules, 'cdktf-ksm'), { recursive: true });
      // Copied, so that it finds this cdktf and not the one of the tree.
      for (const part of ['build', 'package.json', '.jsii']) {
        cpSync(join(root, part), join(modules, 'cdktf-ksm', part), { recursive: true });
      }
      symlinkSync(join(CLI, 'node_modules/cdktn'), join(modules, 'cdktf'));
      symlinkSync(join(CLI, 'node_modules/constructs'), join(modules, 'constructs'));
      writeFileSync(join(folder, 'package.json'), '{"private": true}');
      writeFileSync(join(folder, 'main.ts'), program());
      const tsx = join(root, 'node_modules/tsx/dist/cli.mjs');
      const ended = await new Running(process.execPath, [tsx, 'main.ts'], {
        cwd: folder,
        env: { ...process.env, CDKTF_OUTDIR: join(folder, 'cdktf.out') },
      }).ended;
      expect({ code: ended.code, said: ended.code === 0 ? '' : ended.stderr }).toEqual({ code: 0, said: '' });
      const stack = JSON.parse(readFileSync(join(folder, 'cdktf.out/stacks/payments/cdk.tf.json'), 'utf8'));
      expect(stack['//'].metadata.version).toBe('0.24.0');
      expect(Object.keys(stack.resource).sort()).toEqual([
        'ksm_application',
        'ksm_client_device',
        'ksm_shared_folder_grant',
        'terraform_data',
      ]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
}

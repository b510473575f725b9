/** A project of its own, with what `npm pack` makes, the real CDKTF CLI and no lock file of Terraform. Its packages come from npm's registry or cache. */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { runCli, shellFunction } from '../support/cli';
import { Running } from '../support/process';
import { TestService } from '../support/service';
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
  test('docs/cdktf-project.md, typed from top to bottom, makes a project that npm pack and cdktf deploy serve', async () => {
    const page = readFileSync(join(root, 'docs/cdktf-project.md'), 'utf8');
    const blocks = [...page.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, text]) => text!);
    const [, main] = /^```ts\n([\s\S]*?)^```$/m.exec(page)!;
    expect(blocks.length + 1).toBe((page.match(/^```/gm) ?? []).length / 2);
    const [project, first, deploy, running] = blocks as [string, string, string, string];
    const example = /^ksm-iac (dev .* cdktf deploy .*)$/m.exec(deploy)![1]!;
    const help = (await runCli(['dev', '--help'])).stdout;
    expect(help.replace(/ \\\n +/g, ' ')).toContain(`  ksm-iac ${example}\n`);

    const parent = mkdtempSync(join(tmpdir(), 'ksm-iac-cdktf-cli-'));
    const folder = join(parent, 'my-project');
    const own = Object.entries(process.env).filter(([name]) => !/^(TF_|KSM_|NODE_EXTRA)/.test(name));
    const env = {
      ...Object.fromEntries(own),
      HOME: join(parent, 'home'),
      // What the install of the tree has fetched.
      npm_config_cache: process.env.npm_config_cache ?? join(homedir(), '.npm'),
      npm_config_prefer_offline: 'true',
      CI: '1',
      TF_CLI_ARGS: '-no-color',
    };
    const command = shellFunction();
    const typed = async (script: string, cwd: string) => {
      const { code, stdout, stderr } = await new Running('bash', ['-euc', `${command}\n${script}`], { cwd, env }).ended;
      expect({ code, said: code === 0 ? '' : stderr + stdout }).toEqual({ code: 0, said: '' });
      return stdout;
    };
    try {
      await typed(project.replaceAll('../my-project', folder), root);
      writeFileSync(join(folder, 'main.ts'), main!);
      const applied = await typed(`export CHECKPOINT_DISABLE=1\n${first}`, folder);
      expect(applied).toContain('Apply complete! Resources: 4 added');
      expect(applied).toMatch(/^example-database-password$/m);
      expect(existsSync(join(folder, 'terraform.payments.tfstate'))).toBe(true);
      // Its 400 MB are there already.
      const installed = deploy.replace(/^npm install cdktf-cli@(\S+)$/m, (_, version) => {
        const { dependencies } = JSON.parse(readFileSync(join(CLI, 'package.json'), 'utf8'));
        expect(dependencies['cdktf-cli']).toMatch(new RegExp(`^${version}\\.`));
        return `ln -s '${join(CLI, 'node_modules/.bin/cdktf')}' node_modules/.bin/cdktf`;
      });
      const deployed = await typed(installed, folder);
      expect(deployed).toContain('Apply complete! Resources: 4 added');
      expect(deployed).toContain('Another vault: everything is made anew');
      expect(deployed).not.toContain('checkpoint-api');

      const service = await TestService.start();
      try {
        const imported = ['vault', 'import', join(folder, 'vault.json'), '--data', service.dataDir];
        expect(await runCli(imported)).toMatchObject({ code: 0 });
        const script = `export CHECKPOINT_DISABLE=1\n${running.replace('DIR', service.dataDir)}`;
        const there = await typed(script, folder);
        expect(there).toContain('Apply complete! Resources: 4 added');
        expect(there).toMatch(/^example-database-password$/m);
      } finally {
        await service.dispose();
      }
      // Nothing that holds a credential is one that git would take.
      const ignored = readFileSync(join(folder, '.gitignore'), 'utf8');
      expect(ignored).toContain('device-config.json\n');
      expect(existsSync(join(folder, 'device-config.json'))).toBe(true);
    } finally {
      rmSync(parent, { recursive: true, force: true });
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

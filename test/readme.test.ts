/** Every command and snippet of README.md, as it stands there. */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ensureBundles } from './support/bundles';
import { eventually, Running } from './support/process';
import { TOOLS, testSynthesis } from './support/terraform';

jest.setTimeout(180_000);

const root = resolve(__dirname, '..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const blocks = [...readme.matchAll(/^```(sh|ts|hcl)\n([\s\S]*?)^```$/gm)].map(([, language, text]) => ({
  language: language!,
  text: text!,
}));
const only = (language: string, part = ''): string => {
  const found = blocks.filter((block) => block.language === language && block.text.includes(part));
  if (found.length !== 1) throw new Error(`README.md has ${found.length} ${language} blocks with "${part}".`);
  return found[0]!.text;
};

/** A clone as the README's reader has it after the build, with what the reader adds beside it. */
let clone: string;
let env: NodeJS.ProcessEnv;
beforeAll(() => {
  ensureBundles();
  clone = mkdtempSync(join(tmpdir(), 'readme-'));
  for (const entry of ['dist', 'node_modules']) symlinkSync(join(root, entry), join(clone, entry));
  // Terraform writes into them.
  cpSync(join(root, 'examples'), join(clone, 'examples'), {
    recursive: true,
    filter: (path) => !/node_modules|\.terraform|tfstate/.test(path),
  });
  const kept = Object.entries(process.env).filter(([name]) => !/^(TF_|KSM_|NODE_EXTRA_CA_CERTS)/.test(name));
  env = { ...Object.fromEntries(kept), HOME: join(clone, 'home'), CHECKPOINT_DISABLE: '1', TF_CLI_ARGS: '-no-color' };
});
afterAll(() => rmSync(clone, { recursive: true, force: true }));

/** After what the reader has typed once: the alias. `exec` takes aliases too, so that a signal reaches the command itself. */
const shell = (text: string) => {
  const alias = /^alias .*$/m.exec(readme)?.[0] ?? '';
  const script = `shopt -s expand_aliases\nalias exec='exec '\n${alias}\n${text}`;
  return new Running('bash', ['-euc', script], { cwd: clone, env });
};

interface StateResource {
  readonly type: string;
  readonly instances: readonly [{ attributes: Record<string, unknown>; dependencies?: string[] }];
}

/** What a state says of each resource, but for what the vault has drawn or set a time for, and its order. */
function declared(stateFile: string) {
  const { resources } = JSON.parse(readFileSync(stateFile, 'utf8')) as { resources: StateResource[] };
  const drawn =
    /^(id|application_id|client_id|one_time_token|hostname|token_expires_at|triggers_replace|.*created_at)$/;
  return resources
    .map(({ type, instances: [{ attributes, dependencies = [] }] }) => ({
      type,
      attributes: Object.fromEntries(Object.entries(attributes).filter(([name]) => !drawn.test(name))),
      after: dependencies.map((address) => address.split('.')[0]).sort(),
    }))
    .sort((a, b) => a.type.localeCompare(b.type));
}

test('no block of another language or of none is left untested', () => {
  const fences = readme.match(/^```.*$/gm) ?? [];
  const pictures = 1;
  expect(fences.length / 2).toBe(blocks.length + pictures);
});

test('the two commands, install and build are run by CI as they stand', () => {
  const ci = readFileSync(join(root, '.ci/run'), 'utf8').replaceAll(' --silent', '');
  const commands = (only('sh', 'npm run demo') + only('sh', 'npm ci')).match(/npm (?:run )?[a-z]+/g)!;
  expect(commands).toHaveLength(4);
  for (const command of commands) expect(ci).toMatch(new RegExp(`^${command}( |$)`, 'm'));
});

describe('a first stack', () => {
  testSynthesis('the CDKTF snippet synthesizes', (tool) => {
    // In the tree, so that it finds cdktf-ksm as a project of its own would.
    const folder = mkdtempSync(join(root, 'dist/readme-'));
    try {
      writeFileSync(join(folder, 'main.ts'), only('ts'));
      const tsx = join(root, 'node_modules/tsx/dist/cli.mjs');
      const [, options] = /^npx tsx (.*) my-app\/main\.ts$/m.exec(only('sh', 'npx tsx'))!;
      execFileSync(process.execPath, [tsx, ...options!.split(' '), join(folder, 'main.ts')], {
        cwd: root,
        env: { ...env, ...tool, CDKTF_OUTDIR: join(folder, 'out') },
      });
      mkdirSync(join(clone, 'synthesized'), { recursive: true });
      const synthesized = JSON.parse(readFileSync(join(folder, 'out/stacks/payments/cdk.tf.json'), 'utf8'));
      // In the folder where the program ran: of a project of its own that is its folder, here the tree.
      expect(synthesized.terraform.backend.local.path).toBe(join(root, 'terraform.payments.tfstate'));
      synthesized.terraform.backend.local.path = 'terraform.tfstate';
      writeFileSync(join(clone, 'synthesized/cdk.tf.json'), JSON.stringify(synthesized));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  if (!TOOLS.includes('terraform')) {
    test.skip('the commands of a first stack: install terraform to run this', () => {});
    return;
  }

  const dev = only('sh', 'ksm-iac dev ');

  test('the HCL snippet applies with a service that lives as long as the command', async () => {
    mkdirSync(join(clone, 'my-stack'), { recursive: true });
    writeFileSync(join(clone, 'my-stack/main.tf'), only('hcl'));
    const { code, stdout, stderr } = await shell(dev).ended;
    expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('Apply complete! Resources: 4 added');
  });

  test('the synthesized CDKTF snippet applies the same way', async () => {
    const { code, stdout, stderr } = await shell(dev.replace('cd my-stack', 'cd synthesized')).ended;
    expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('Apply complete! Resources: 4 added');
  });

  test('both snippets say the same', () => {
    const [hcl, cdktf] = ['my-stack', 'synthesized'].map((folder) =>
      declared(join(clone, folder, 'terraform.tfstate')),
    );
    expect(hcl!.map(({ type }) => type)).toEqual(
      [...only('hcl').matchAll(/^resource "(\w+)"/gm)].map(([, type]) => type).sort(),
    );
    expect(cdktf).toEqual(hcl);
  });

  test('a service in a terminal of its own, and Terraform pointed at it', async () => {
    // In the folder that still has what dev left. The port may be taken on this machine; everything else stays as it is.
    const service = shell(`exec ${only('sh', 'service start').replace('127.0.0.1:8443', '127.0.0.1:0')}`);
    try {
      await eventually(
        'the service',
        () => existsSync(join(clone, 'my-vault/service.json')),
        () => service.stderr,
      );
      const first = only('sh', 'vault import');
      const other = await shell(first.replace(/^rm .*\n/, '')).ended;
      expect({ code: other.code, stderr: other.stderr }).toEqual({
        code: 1,
        stderr: expect.stringContaining('This is another vault'),
      });
      const { code, stdout, stderr } = await shell(first).ended;
      expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toContain('Plan: 4 to add');
      expect(stdout).toMatch(/^deploy job +Payments +pending /m);
      // In the same shell.
      const whole = first.replace(/^.*(?:vault import|my-stack|device list).*\n/gm, '') + only('sh', 'redeem.mjs');
      const applied = await shell(whole).ended;
      expect({ code: applied.code, stderr: applied.code === 0 ? '' : applied.stderr }).toEqual({ code: 0, stderr: '' });
      expect(applied.stdout).toMatch(/^deploy job +CI pipeline +active /m);
      expect(applied.stdout).toMatch(/^example-database-password$/m);
    } finally {
      service.kill('SIGTERM');
      expect((await service.ended).code).toBe(0);
    }
  });
});

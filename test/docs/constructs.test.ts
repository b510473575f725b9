/** The guides of docs/constructs: the snippets of each are one program, which is compiled, run, and read by Terraform. */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { runCli } from '../support/cli';
import { devOverrides, validateWith } from '../support/overrides';
import { describeWithTools } from '../support/terraform';

jest.setTimeout(240_000);

const root = resolve(__dirname, '../..');
const guides = readdirSync(join(root, 'docs/constructs'))
  .filter((name) => name.endsWith('.md'))
  .map((name) => ({ name, text: readFileSync(join(root, 'docs/constructs', name), 'utf8') }));
const programs = guides
  .map(({ name, text }) => ({
    name: name.replace('.md', ''),
    text: [...text.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, block]) => block).join('\n'),
  }))
  .filter(({ text }) => text.includes('app.synth()'));

/** Prints what the program itself would be told off for. */
const CHECKED = `
import { KsmChecks as Checks } from 'cdktf-ksm';
for (const one of app.node.children) {
  if (!TerraformStack.isStack(one)) continue;
  for (const { rule, severity, path } of Checks.findings(one)) {
    if (severity === 'error' || rule === 'shared-token') console.log(\`found \${rule} \${path}\`);
  }
}
`;

/** Those that need nothing but the vault of the first example. */
const APPLIED = ['README', 'checks', 'devices', 'handing-on', 'testing'];

describeWithTools('docs/constructs', (tool) => {
  let folder: string;
  let cliConfigFile: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'ksm-guides-'));
    for (const name of ['lib', 'node_modules', 'package.json', 'tsconfig.dev.json']) {
      symlinkSync(join(root, name), join(folder, name));
    }
    for (const { name, text } of programs) writeFileSync(join(folder, `${name}.ts`), text + CHECKED);
    const { compilerOptions } = JSON.parse(readFileSync(join(root, 'tsconfig.dev.json'), 'utf8'));
    writeFileSync(
      join(folder, 'tsconfig.json'),
      JSON.stringify({ compilerOptions: { ...compilerOptions, isolatedModules: false }, include: ['*.ts'] }),
    );
    const providers = join(folder, 'providers');
    mkdirSync(providers);
    mkdirSync(join(folder, 'out'));
    cliConfigFile = devOverrides(providers);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('has guides with programs', () => expect(programs.length).toBeGreaterThanOrEqual(7));

  test('every snippet compiles', () => {
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    const { stdout } = spawnSync(process.execPath, [tsc, '-p', folder], { encoding: 'utf8' });
    expect(stdout).toBe('');
  });

  test.each(programs)('what $name makes is valid for Terraform', ({ name }) => {
    const out = join(folder, 'out', name);
    const tsx = join(root, 'node_modules/tsx/dist/cli.mjs');
    const said = execFileSync(process.execPath, [tsx, join(folder, `${name}.ts`)], {
      cwd: folder,
      env: { ...process.env, CDKTF_OUTDIR: out, TERRAFORM_BINARY_NAME: tool },
      encoding: 'utf8',
    });
    expect(said).not.toMatch(/^found /m);
    const stacks = readdirSync(join(out, 'stacks'));
    expect(stacks.length).toBeGreaterThan(0);
    for (const stack of stacks) expect(validateWith(tool, join(out, 'stacks', stack), cliConfigFile)).toEqual([]);
  });

  test.each(APPLIED)('what %s makes is applied on the vault of the first example', async (name) => {
    // The installer of handing-on has all that a device needs.
    const needed = ['ONE_TIME_TOKEN', 'HOSTNAME', 'SERVER_PUBLIC_KEY_ID', 'SERVER_PUBLIC_KEY', 'CA_CERTIFICATE'];
    const scripts = {
      'install.sh': [
        ...needed.map((variable) => `test -n "$DEVICE_${variable}" || exit 1`),
        'test -z "$KSM_IAC_TOKEN"',
      ],
      'migrate.sh': ['test -n "$KSM_CONFIG"'],
    };
    for (const [file, lines] of Object.entries(scripts)) {
      writeFileSync(join(folder, file), `#!/bin/sh\n${lines.join('\n')}\n`, { mode: 0o755 });
    }
    const stacks = join(folder, 'out', name, 'stacks');
    const applies = readdirSync(stacks).map(
      (stack) =>
        `cd '${join(stacks, stack)}' && ${tool} init -input=false -no-color && ${tool} apply -auto-approve -input=false -no-color`,
    );
    const vault = ['--vault-file', join(root, 'examples/ci-pipeline/vault.json')];
    const { TF_CLI_CONFIG_FILE: _, ...env } = process.env;
    const { code, stdout, stderr } = await runCli(['dev', ...vault, '--', 'sh', '-c', applies.join(' && ')], {
      cwd: folder,
      // Any 32 bytes that are a point of the curve.
      env: { ...env, HOME: folder, TF_VAR_public_key: Buffer.alloc(32, 9).toString('base64') },
    });
    expect({ code, said: code === 0 ? '' : stdout + stderr }).toEqual({ code: 0, said: '' });
  });
});

test.each(guides)('$name links to what is there', ({ text }) => {
  for (const [, link] of text.matchAll(/\]\(([^)#]+)[^)]*\)/g)) {
    if (/^https?:/.test(link!)) continue;
    expect([link, existsSync(resolve(root, 'docs/constructs', link!))]).toEqual([link, true]);
  }
});

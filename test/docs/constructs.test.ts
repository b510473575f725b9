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

describeWithTools('docs/constructs', (tool) => {
  let folder: string;
  let cliConfigFile: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'ksm-guides-'));
    for (const name of ['lib', 'node_modules', 'package.json', 'tsconfig.dev.json']) {
      symlinkSync(join(root, name), join(folder, name));
    }
    for (const { name, text } of programs) writeFileSync(join(folder, `${name}.ts`), text);
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
    execFileSync(process.execPath, [join(root, 'node_modules/tsx/dist/cli.mjs'), join(folder, `${name}.ts`)], {
      cwd: folder,
      env: { ...process.env, CDKTF_OUTDIR: out, TERRAFORM_BINARY_NAME: tool },
      stdio: 'pipe',
    });
    const stacks = readdirSync(join(out, 'stacks'));
    expect(stacks.length).toBeGreaterThan(0);
    for (const stack of stacks) expect(validateWith(tool, join(out, 'stacks', stack), cliConfigFile)).toEqual([]);
  });
});

test.each(guides)('$name links to what is there', ({ text }) => {
  for (const [, link] of text.matchAll(/\]\(([^)#]+)[^)]*\)/g)) {
    if (/^https?:/.test(link!)) continue;
    expect([link, existsSync(resolve(root, 'docs/constructs', link!))]).toEqual([link, true]);
  }
});

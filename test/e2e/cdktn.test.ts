/** The constructs for CDK Terrain, made from the same source: `cdktn-ksm` against what is promised of `cdktf-ksm`. */
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { translate } from '../../scripts/cdktn/translate';
import { devOverrides, validateWith } from '../support/overrides';
import { Running } from '../support/process';
import { TOOLS } from '../support/terraform';

jest.setTimeout(300_000);

const root = resolve(__dirname, '../..');
const flavour = join(root, 'dist/cdktn');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const [tool] = TOOLS;

if (!process.env.KSM_IAC_TEST_CDKTN || !tool) {
  test.skip('the constructs for CDK Terrain: install terraform, and set KSM_IAC_TEST_CDKTN=1 (two packages of npm are fetched) to run this', () => {});
} else {
  let folder: string;
  beforeAll(() => {
    execFileSync(process.execPath, [join(root, 'scripts/cdktn.mjs')], { stdio: 'pipe' });
    folder = mkdtempSync(join(tmpdir(), 'ksm-cdktn-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('every test of the constructs holds for it: addresses, texts, and what Terraform reads', async () => {
    const names = translateTests();
    const config = {
      ...require('../../jest.config.cjs'),
      rootDir: flavour,
      roots: ['<rootDir>/test/lib'],
      moduleNameMapper: { '^cdktn-ksm$': '<rootDir>/lib/index.ts' },
    };
    const args = ['--config', JSON.stringify(config), '--json', '--forceExit'];
    const jest = join(root, 'node_modules/jest/bin/jest.js');
    const { stdout, stderr } = await new Running(process.execPath, [jest, ...args], { cwd: flavour }).ended;
    if (!stdout.startsWith('{')) throw new Error(stderr);
    const { testResults, numPassedTests } = JSON.parse(stdout);
    const failed = testResults.filter(({ status }: { status: string }) => status !== 'passed');
    expect(failed.map(({ message }: { message: string }) => message)).toEqual([]);
    expect(testResults).toHaveLength(names.length);
    expect(numPassedTests).toBeGreaterThan(300);
  });

  test('its API is that of cdktf-ksm, but for the bindings of hashicorp/null, which it has itself', () => {
    const { types } = JSON.parse(read('dist/cdktn/.jsii'));
    const own = Object.keys(types).filter((name) => name.startsWith('cdktn-ksm.nullProvider.'));
    expect(own.sort()).toEqual(
      ['NullProvider', 'NullProviderConfig', 'Resource', 'ResourceConfig'].map(
        (name) => `cdktn-ksm.nullProvider.${name}`,
      ),
    );
    for (const name of own) delete types[name];
    const translated = read('.jsii')
      .replaceAll('"@cdktf/provider-null.provider.', '"cdktn-ksm.nullProvider.')
      .replace(/"cdktf\.(?=[A-Z])/g, '"cdktn.');
    expect(comparable(types)).toEqual(comparable(JSON.parse(translate('.jsii', translated)).types));
  });

  describe('the program of README.md', () => {
    const installation = [
      "const gateway = payments.addGateway('gateway', { name: 'gateway' });",
      "new GatewayInstallation(stack, 'installation', { gateway });",
      'app.synth();',
    ];
    const program = /^```ts\n([\s\S]*?)^```$/m
      .exec(read('README.md'))![1]!
      .replace('app.synth();', installation.join('\n'))
      .replace('import { KsmApplication', 'import { GatewayInstallation, KsmApplication');

    test('synthesizes as with cdktf, compiles against the package, and Terraform takes it', async () => {
      const here = await synthesized('terrain', translate('main.ts', program), ['cdktn', 'constructs']);
      const there = await synthesized('cdktf', program, ['cdktf', 'constructs', '@cdktf/provider-null']);
      const { '//': about, ...stack } = stackOf(here);
      expect(about).toMatchObject({ metadata: { version: '0.24.0' } });
      expect(stack.terraform).toMatchObject({ required_providers: { null: { source: 'null', version: '3.2.4' } } });
      const { '//': _, ...expected } = stackOf(there);
      expect(plain(stack)).toEqual(plain(expected));

      const tsc = join(root, 'node_modules/typescript/bin/tsc');
      const types = ['--typeRoots', join(root, 'node_modules/@types'), '--types', 'node', '--target', 'ES2022'];
      const compiling = [tsc, ...types, '--module', 'node16', '--noEmit', '--strict', join(here, 'main.ts')];
      expect(await new Running(process.execPath, compiling, { cwd: here }).ended).toMatchObject({
        code: 0,
        stdout: '',
      });
      expect(validateWith(tool, join(here, 'cdktf.out/stacks/payments'), devOverrides(folder))).toEqual([]);
    });

    test('is told by cdktf-ksm to take cdktn-ksm, where it imports cdktn', async () => {
      const { code, stderr } = await run('mixed', program.replace("from 'cdktf'", "from 'cdktn'"), ['cdktn']);
      expect([code, stderr]).toEqual([
        1,
        expect.stringMatching(
          /Error: KsmProvider 'payments\/ksm': its stack is one of cdktn, .* Expected the package cdktn-ksm/,
        ),
      ]);
    });

    /** The folder of a program that has the packages beside it. */
    async function synthesized(name: string, text: string, packages: string[]): Promise<string> {
      const { code, stderr } = await run(name, text, packages);
      expect([code, code === 0 ? '' : stderr]).toEqual([0, '']);
      return join(folder, name);
    }

    function run(name: string, text: string, packages: string[]) {
      const cwd = join(folder, name);
      const modules = join(cwd, 'node_modules');
      mkdirSync(join(modules, '@cdktf'), { recursive: true });
      const from = join(packages.includes('cdktn') ? flavour : root, 'node_modules');
      for (const one of packages) symlinkSync(join(from, one), join(modules, one));
      // Unpacked, so that it finds what is beside it alone.
      const pack = ['pack', join(flavour, 'package'), '--json', '--pack-destination', cwd];
      const [{ filename }] = JSON.parse(
        execFileSync('npm', pack, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }),
      );
      execFileSync('tar', ['-xzf', join(cwd, filename), '-C', modules]);
      cpSync(join(modules, 'package'), join(modules, 'cdktn-ksm'), { recursive: true });
      writeFileSync(join(cwd, 'package.json'), '{"private": true}');
      writeFileSync(join(cwd, 'main.ts'), text);
      // Finds `cdktf-ksm` in lib/: other suites compile into build/ meanwhile.
      const tsx = [join(root, 'node_modules/tsx/dist/cli.mjs'), '--tsconfig', join(root, 'tsconfig.dev.json')];
      return new Running(process.execPath, [...tsx, 'main.ts'], {
        cwd,
        env: { ...process.env, TERRAFORM_BINARY_NAME: tool },
      }).ended;
    }
  });
}

/**
 * The tests of test/lib, beside the translated sources; returns their names. Not those that compare with what was released,
 * nor those of Python, which are about the package `cdktf-ksm`.
 */
function translateTests(): string[] {
  rmSync(join(flavour, 'test'), { recursive: true, force: true });
  for (const file of readdirSync(join(root, 'test/lib'), { recursive: true, encoding: 'utf8' })) {
    const path = join('test/lib', file);
    if (statSync(join(root, path)).isDirectory()) mkdirSync(join(flavour, path), { recursive: true });
  }
  const names = readdirSync(join(root, 'test/lib'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !/^(compatibility|python)\.test\.ts$/.test(name))
    .map((name) => join('test/lib', name));
  for (const name of names) writeFileSync(join(flavour, name), translate(name, read(name)));
  writeFileSync(join(flavour, 'tsconfig.dev.json'), translate('tsconfig.dev.json', read('tsconfig.dev.json')));
  // What they stand on is the same for both.
  for (const name of ['contract', 'provider', 'test/support', 'node_modules/typescript', 'node_modules/@types']) {
    rmSync(join(flavour, name), { force: true });
    symlinkSync(join(root, name), join(flavour, name));
  }
  return names.filter((name) => name.endsWith('.test.ts'));
}

/** Without places in files. */
const comparable = (types: unknown) =>
  JSON.parse(JSON.stringify(types, (key, value) => (key === 'locationInModule' ? undefined : value)));

const stackOf = (dir: string) => JSON.parse(readFileSync(join(dir, 'cdktf.out/stacks/payments/cdk.tf.json'), 'utf8'));

/** Without notes on where constructs come from, and where the program ran. */
const plain = (stack: unknown) =>
  JSON.parse(JSON.stringify(stack, (key, value) => (key === '//' || key === 'backend' ? undefined : value)));

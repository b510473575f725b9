/** The packages of npm, as whoever installs them has them: what is in them, and that they work in an empty folder. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { VERSION } from '../../contract/version';
import { packPackages } from '../../scripts/release/packages';
import { ensureBundles } from '../support/bundles';

jest.setTimeout(300_000);

const root = resolve(__dirname, '../..');
let folder: string;
const NAMES = ['ksm-iac', 'cdktf-ksm', 'cdktn-ksm'] as const;
let packed: Record<(typeof NAMES)[number], string>;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ksm-packages-'));
  ensureBundles();
  execFileSync(join(root, 'node_modules/.bin/projen'), ['compile'], { cwd: root, stdio: 'pipe' });
  const files = packPackages(folder);
  packed = Object.fromEntries(NAMES.map((name, i) => [name, join(folder, files[i]!)])) as typeof packed;
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const filesOf = (name: keyof typeof packed) =>
  execFileSync('tar', ['-tzf', packed[name]], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((path) => path.replace('package/', ''))
    .sort();
const read = (name: keyof typeof packed, file: string) =>
  execFileSync('tar', ['-xzOf', packed[name], `package/${file}`], { encoding: 'utf8', maxBuffer: 2 ** 26 });

/** As a user's project. */
function install(name: keyof typeof packed, dependencies: Record<string, string> = {}): string {
  const dir = join(folder, `user-of-${name}`);
  mkdirSync(dir);
  const all = { [name]: `file:${packed[name]}`, ...dependencies };
  writeFileSync(join(dir, 'package.json'), JSON.stringify({ private: true, type: 'module', dependencies: all }));
  const { status, stderr } = spawnSync(
    'npm',
    ['install', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error'],
    {
      cwd: dir,
      encoding: 'utf8',
    },
  );
  if (status !== 0) throw new Error(stderr);
  return dir;
}

describe('ksm-iac', () => {
  test('has the command, the provider, and the licences of what is in them: nothing else', () => {
    expect(filesOf('ksm-iac')).toEqual([
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'THIRD-PARTY-NOTICES.txt',
      'bin/ksm-iac.cjs',
      'bin/terraform-provider-ksm.cjs',
      'package.json',
    ]);
    for (const name of ['fastify', 'kysely', 'pino', 'axios', '@bufbuild/protobuf', 'abstract-logging']) {
      expect(read('ksm-iac', 'THIRD-PARTY-NOTICES.txt')).toContain(`\n\n${name} `);
    }
    expect(JSON.parse(read('ksm-iac', 'package.json'))).toMatchObject({
      version: VERSION,
      bin: { 'ksm-iac': 'bin/ksm-iac.cjs' },
      engines: { node: expect.stringContaining('20') },
      publishConfig: { provenance: true },
      repository: { url: expect.stringMatching(/^git\+https:/) },
    });
  });

  test('runs in an empty folder: a service on a vault of its own, and the provider for Terraform', () => {
    const dir = install('ksm-iac');
    const bin = join(dir, 'node_modules/.bin/ksm-iac');
    const run = (...args: string[]) =>
      spawnSync(bin, args, { cwd: dir, encoding: 'utf8', env: { PATH: process.env.PATH, HOME: dir } });
    expect(run('--version')).toMatchObject({ status: 0, stdout: `${VERSION}\n` });
    expect(run('dev', '--', 'sh', '-c', `'${bin}' application list --json`)).toMatchObject({
      status: 0,
      stdout: '[]\n',
    });
    expect(run('provider', 'install', '--dir', 'provider')).toMatchObject({ status: 0 });
    expect(existsSync(join(dir, 'provider/terraformrc'))).toBe(true);
  });
});

describe.each([
  ['cdktf-ksm', 'package.json', ['cdktf', 'constructs', '@cdktf/provider-null']],
  ['cdktn-ksm', 'scripts/cdktn/package.json', ['cdktn', 'constructs']],
] as const)('%s', (name, versions, peers) => {
  test('has what is compiled, its API and its assembly: no sources, no tests', () => {
    const files = filesOf(name);
    for (const file of [
      '.jsii',
      'API.md',
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'build/index.js',
      'build/index.d.ts',
      'package.json',
    ]) {
      expect(files).toContain(file);
    }
    expect(
      files.filter(
        (file) => !/^(build\/.*\.(js|d\.ts)|\.jsii|API\.md|CHANGELOG\.md|LICENSE|README\.md|package\.json)$/.test(file),
      ),
    ).toEqual([]);
    const manifest = JSON.parse(read(name, 'package.json'));
    expect(manifest).toMatchObject({
      name,
      version: VERSION,
      license: 'Apache-2.0',
      jsii: { targets: { python: expect.anything() } },
    });
    expect(Object.keys(manifest.peerDependencies).sort()).toEqual([...peers].sort());
    expect(manifest.keywords).toEqual(expect.arrayContaining(['cdktf', 'cdktn', 'constructs', 'jsii', 'keeper']));
  });

  test('synthesizes the program of its README in an empty folder', () => {
    const { devDependencies } = JSON.parse(readFileSync(join(root, versions), 'utf8'));
    const dir = install(name, Object.fromEntries(peers.map((peer) => [peer, devDependencies[peer]])));
    const [, program] = /```ts\n([\s\S]*?)```/.exec(read(name, 'README.md'))!;
    // Packages of CommonJS, from a module, as Node takes them.
    const asModule = program!
      .replace(/import \{([^}]*)\} from '([^']+)';/g, "import $2_ from '$2';\nconst {$1} = $2_;")
      .replace(/cdkt[fn]-ksm_/g, 'ksm_');
    writeFileSync(join(dir, 'main.mjs'), asModule);
    const { status, stderr } = spawnSync(process.execPath, ['main.mjs'], {
      cwd: dir,
      encoding: 'utf8',
      env: { ...process.env, CDKTF_OUTDIR: join(dir, 'out') },
    });
    expect([status, stderr]).toEqual([0, '']);
    const { resource } = JSON.parse(readFileSync(join(dir, 'out/stacks/payments/cdk.tf.json'), 'utf8'));
    expect(Object.keys(resource).sort()).toEqual(['ksm_application', 'ksm_client_device', 'ksm_shared_folder_grant']);
  });
});

test.each(NAMES)('links in the README of %s work there, too', (name) => {
  for (const link of linksIn(read(name, 'README.md'))) {
    if (!link.startsWith('https://')) expect(filesOf(name)).toContain(link);
    expectInTree(link);
  }
});

test.each(['cdktf-ksm', 'cdktn-ksm'] as const)(
  'links in the API.md of %s lead to what is in it, or to the tree',
  (name) => {
    const links = linksIn(read(name, 'API.md').split('# API Reference')[0]!);
    expect(links.length).toBeGreaterThan(10);
    for (const link of links) {
      expect(link).toMatch(/^(#|https:\/\/)/);
      expectInTree(link);
    }
  },
);

const linksIn = (text: string) => [...text.matchAll(/\]\(([^)]+)\)/g)].map(([, link]) => link!);

function expectInTree(link: string): void {
  const [, path] = /\/(?:blob|tree)\/v[^/]+\/(.*)$/.exec(link) ?? [];
  if (path) expect([path, existsSync(join(root, path))]).toEqual([path, true]);
}

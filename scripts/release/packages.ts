/**
 * The two packages of npm, each from a folder of its own: `ksm-iac` (command, service and provider, bundled; the native part of
 * SQLite is the one dependency) and `cdktf-ksm` (the constructs). What is in them is said here, file by file.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { VERSION } from '../../contract/version';
import { billOfPackage, type Inside, noticesOf, packagesIn } from './inside';

const root = resolve(__dirname, '../..');
const own = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const REPOSITORY = own.repository.url.replace(/^git\+|\.git$/g, '');

/** In both. */
const COMMON = {
  version: VERSION,
  repository: { type: 'git', url: `git+${REPOSITORY}.git` },
  homepage: REPOSITORY,
  bugs: `${REPOSITORY}/issues`,
  license: own.license,
  author: own.author,
  engines: own.engines,
  // Trusted publishing: the workflow proves itself, and no token of npm is kept.
  publishConfig: { access: 'public', provenance: true },
};

/** Writes both into `out` as `npm pack` makes them, each with its bill of materials beside it; returns the names of the packages. */
export function packPackages(out: string): string[] {
  const drafts = join(root, 'dist/npm');
  rmSync(drafts, { recursive: true, force: true });
  // The constructs bundle nothing: their peers are the user's.
  for (const [name, inside] of [
    ['ksm-iac', insideCommand()],
    ['cdktf-ksm', []],
  ] as const) {
    writeFileSync(join(out, `${name}-${VERSION}.cdx.json`), billOfPackage(name, VERSION, inside));
  }
  return [commandPackage(join(drafts, 'ksm-iac')), constructsPackage(join(drafts, 'cdktf-ksm'))].map((folder) => {
    const said = execFileSync('npm', ['pack', '--json', '--pack-destination', out], {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
      shell: process.platform === 'win32',
    });
    return (JSON.parse(said) as { filename: string }[])[0]!.filename;
  });
}

/** What is bundled in the command and in the provider, each once. */
function insideCommand(): Inside[] {
  const inside = [...packagesIn('ksm-iac.cjs'), ...packagesIn('terraform-provider-ksm.cjs')];
  return [...new Map(inside.map((one) => [`${one.name} ${one.version}`, one])).values()];
}

function commandPackage(folder: string): string {
  const { optionalDependencies } = JSON.parse(readFileSync(join(root, 'node_modules/libsql/package.json'), 'utf8'));
  const once = insideCommand();
  mkdirSync(join(folder, 'bin'), { recursive: true });
  for (const name of ['ksm-iac.cjs', 'terraform-provider-ksm.cjs'])
    cpSync(join(root, 'dist/bin', name), join(folder, 'bin', name));
  writeFileSync(join(folder, 'THIRD-PARTY-NOTICES.txt'), noticesOf(once));
  return write(folder, {
    name: 'ksm-iac',
    description:
      'Keeper Secrets Manager as code: the service, its command, and the Terraform provider. Not a Keeper product',
    keywords: ['keeper', 'ksm', 'secrets', 'secrets-manager', 'terraform', 'terraform-provider', 'opentofu'],
    bin: { 'ksm-iac': 'bin/ksm-iac.cjs' },
    files: ['bin/', 'CHANGELOG.md', 'THIRD-PARTY-NOTICES.txt'],
    // One of them is this machine's.
    optionalDependencies,
    readme: [
      '# ksm-iac',
      '',
      'Keeper Secrets Manager as code: the service on an embedded vault or on the real Keeper, its command, and the Terraform provider `ksm-iac/ksm`.',
      'For CDK for Terraform there is `cdktf-ksm`. This is not a Keeper product.',
      '',
      '```sh',
      "npx ksm-iac dev -- sh -c 'terraform init && terraform apply'   # a service and a vault that live as long as the command",
      'npx ksm-iac service start --data ./my-vault                    # one that stays',
      'npx ksm-iac provider install                                   # the provider, where Terraform finds it',
      '```',
      '',
      `[What it is, and a first stack](${REPOSITORY}#readme) · [running it for a team](${REPOSITORY}/blob/v${VERSION}/docs/service.md) · [the provider](${REPOSITORY}/blob/v${VERSION}/docs/provider/index.md)`,
      '',
    ],
  });
}

function constructsPackage(folder: string): string {
  cpSync(join(root, 'build'), join(folder, 'build'), {
    recursive: true,
    filter: (path) => !/\.(tsbuildinfo|ts\.map|js\.map)$/.test(path),
  });
  for (const name of ['.jsii', 'API.md']) cpSync(join(root, name), join(folder, name));
  return write(folder, {
    name: 'cdktf-ksm',
    description: 'CDK for Terraform constructs for Keeper Secrets Manager. Not a Keeper product',
    keywords: ['cdktf', 'cdktn', 'constructs', 'jsii', 'terraform', 'keeper', 'ksm', 'secrets', 'secrets-manager'],
    main: own.main,
    types: own.types,
    stability: own.stability,
    jsii: own.jsii,
    files: ['build/', '.jsii', 'API.md', 'CHANGELOG.md'],
    peerDependencies: own.peerDependencies,
    readme: [
      '# cdktf-ksm',
      '',
      'CDK for Terraform constructs for Keeper Secrets Manager: applications, grants, client devices, gateways. This is not a Keeper product.',
      '',
      '```ts',
      ...constructsExample(),
      '```',
      '',
      'The provider and its service are the package `ksm-iac`, or executables of the release.',
      '',
      `[Guides by task](${REPOSITORY}/blob/v${VERSION}/docs/constructs/README.md) · [every class](API.md) · [examples](${REPOSITORY}/tree/v${VERSION}/examples) · [the whole project](${REPOSITORY}#readme)`,
      '',
    ],
  });
}

/** The first snippet of the guides, which a test runs. */
function constructsExample(): string[] {
  const text = readFileSync(join(root, 'docs/constructs/README.md'), 'utf8');
  return /^```ts\n([\s\S]*?)^```$/m.exec(text)![1]!.trimEnd().split('\n');
}

function write(folder: string, { readme, ...fields }: { readme: string[] } & Record<string, unknown>): string {
  for (const name of ['LICENSE', 'CHANGELOG.md']) cpSync(join(root, name), join(folder, name));
  writeFileSync(join(folder, 'README.md'), readme.join('\n'));
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify({ ...fields, ...COMMON }, null, 2)}\n`);
  return folder;
}

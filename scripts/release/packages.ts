/**
 * The packages of npm, each from a folder of its own: `ksm-iac` (command, service and provider, bundled; the native part of
 * SQLite is the one dependency), `cdktf-ksm` (the constructs) and `cdktn-ksm` (the same for CDK Terrain, which `npm run cdktn`
 * makes). What is in them is said here, file by file.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { VERSION } from '../../contract/version';
import { translate } from '../cdktn/translate';
import { billOfPackage, type Inside, noticesOf, packagesIn } from './inside';

const root = resolve(__dirname, '../..');
const own = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const REPOSITORY = own.repository.url.replace(/^git\+|\.git$/g, '');

/** Where `npm run cdktn` puts its package. */
const CDKTN = join(root, 'dist/cdktn/package');

/** In all of them. */
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

/** Writes them into `out` as `npm pack` makes them, each with its bill of materials beside it; returns the names of the packages. */
export function packPackages(out: string): string[] {
  const drafts = join(root, 'dist/npm');
  rmSync(drafts, { recursive: true, force: true });
  // The constructs bundle nothing: their peers are the user's.
  for (const [name, inside] of [
    ['ksm-iac', insideCommand()],
    ['cdktf-ksm', []],
    ['cdktn-ksm', []],
  ] as const) {
    writeFileSync(join(out, `${name}-${VERSION}.cdx.json`), billOfPackage(name, VERSION, inside));
  }
  execFileSync(process.execPath, [join(root, 'scripts/cdktn.mjs')], { stdio: ['ignore', 'ignore', 'inherit'] });
  const folders = [commandPackage(join(drafts, 'ksm-iac')), constructsPackage(join(drafts, 'cdktf-ksm')), CDKTN];
  const files = folders.map((folder) => {
    const said = execFileSync('npm', ['pack', '--json', '--pack-destination', out], {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
      shell: process.platform === 'win32',
    });
    return (JSON.parse(said) as { filename: string }[])[0]!.filename;
  });
  // jsii-docgen would find the assembly of then in it, and document that.
  rmSync(drafts, { recursive: true, force: true });
  return files;
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

/** Of what is compiled in a folder: here, or for CDK Terrain. */
export function constructsPackage(folder: string, from = root): string {
  const { name, jsii, peerDependencies } = JSON.parse(readFileSync(join(from, 'package.json'), 'utf8'));
  cpSync(join(from, 'build'), join(folder, 'build'), {
    recursive: true,
    filter: (path) => !/\.(tsbuildinfo|ts\.map|js\.map)$/.test(path),
  });
  cpSync(join(from, '.jsii'), join(folder, '.jsii'));
  // There are no guides beside it there.
  const api = readFileSync(join(from, 'API.md'), 'utf8').replaceAll(
    '](docs/',
    `](${REPOSITORY}/blob/v${VERSION}/docs/`,
  );
  writeFileSync(join(folder, 'API.md'), api);
  return write(folder, {
    name,
    description: 'CDK for Terraform constructs for Keeper Secrets Manager. Not a Keeper product',
    keywords: ['cdktf', 'cdktn', 'constructs', 'jsii', 'terraform', 'keeper', 'ksm', 'secrets', 'secrets-manager'],
    main: own.main,
    types: own.types,
    stability: own.stability,
    jsii,
    files: ['build/', '.jsii', 'API.md', 'CHANGELOG.md'],
    peerDependencies,
    readme: constructsReadme(name),
  });
}

export function constructsReadme(name: string): string[] {
  const forTerrain = name === 'cdktn-ksm';
  return [
    `# ${name}`,
    '',
    `${forTerrain ? 'CDK Terrain' : 'CDK for Terraform'} constructs for Keeper Secrets Manager: applications, grants, client devices, gateways. This is not a Keeper product.`,
    '',
    '```ts',
    forTerrain ? translate('README.md', constructsExample()) : constructsExample(),
    '```',
    '',
    forTerrain
      ? 'The same for CDK for Terraform is `cdktf-ksm`; in the guides and examples read `cdktn` for `cdktf`. The provider `hashicorp/null`, which `GatewayInstallation` needs, is in it: `nullProvider.NullProvider`.'
      : 'The same for CDK Terrain is `cdktn-ksm`.',
    'The provider and its service are the package `ksm-iac`, or executables of the release.',
    '',
    `[Guides by task](${REPOSITORY}/blob/v${VERSION}/docs/constructs/README.md) · [every class](API.md) · [examples](${REPOSITORY}/tree/v${VERSION}/examples) · [the whole project](${REPOSITORY}#readme)`,
    '',
  ];
}

/** The first snippet of the guides, which a test runs. */
function constructsExample(): string {
  const text = readFileSync(join(root, 'docs/constructs/README.md'), 'utf8');
  return /^```ts\n([\s\S]*?)^```$/m.exec(text)![1]!.trimEnd();
}

function write(folder: string, { readme, ...fields }: { readme: string[] } & Record<string, unknown>): string {
  for (const name of ['LICENSE', 'CHANGELOG.md']) cpSync(join(root, name), join(folder, name));
  writeFileSync(join(folder, 'README.md'), readme.join('\n'));
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify({ ...fields, ...COMMON }, null, 2)}\n`);
  return folder;
}

/**
 * Makes the flavour of the constructs for CDK Terrain from lib/ (docs/decisions/0048-cdktn-by-translation.md): translated sources in dist/cdktn,
 * compiled by jsii against packages of their own, and the package in dist/cdktn/package, which `npm pack` takes.
 */
import { execFileSync } from 'node:child_process';
import { appendFileSync, cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { apiOf } from '../generate/api-docs';
import { root } from '../generate/repository';
import { constructsPackage, constructsReadme } from '../release/packages';
import { generateNullProvider } from './null-provider';
import { NULL_PROVIDER, translate } from './translate';

const out = join(root, 'dist/cdktn');
const read = (file: string) => readFileSync(join(root, file), 'utf8');
const write = (file: string, text: string) => writeFileSync(join(out, file), text);

async function main(): Promise<void> {
  rmSync(out, { recursive: true, force: true });
  cpSync(join(root, 'lib'), join(out, 'lib'), { recursive: true });
  await generateNullProvider(join(out, NULL_PROVIDER));
  const said = '/** Bindings of `hashicorp/null`, which `GatewayInstallation` needs. */';
  appendFileSync(join(out, 'lib/index.ts'), `${said}\nexport * as nullProvider from './null-provider';\n`);
  for (const file of readdirSync(join(out, 'lib'), { recursive: true, encoding: 'utf8' })) {
    const path = `lib/${file.replaceAll('\\', '/')}`;
    if (path.endsWith('.ts')) write(path, translate(path, readFileSync(join(out, path), 'utf8')));
  }
  write('package.json', packageJson());
  write('README.md', constructsReadme('cdktn-ksm').join('\n'));
  for (const file of ['tsconfig.json', '.npmrc']) cpSync(join(root, file), join(out, file));
  cpSync(join(root, 'scripts/cdktn/package-lock.json'), join(out, 'package-lock.json'));

  execFileSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: out,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  });
  execFileSync(process.execPath, [join(root, 'node_modules/jsii/bin/jsii'), '--silence-warnings=reserved-word'], {
    cwd: out,
    stdio: 'inherit',
    env: { ...process.env, JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: '20' },
  });
  write('API.md', apiOf(out));
  constructsPackage(join(out, 'package'), out);
}

/** Of this package, but for what it is compiled with and which name it has. */
function packageJson(): string {
  const own = JSON.parse(read('package.json'));
  const { devDependencies, peerDependencies } = JSON.parse(read('scripts/cdktn/package.json'));
  const { name, version, author, repository, license, main, types, stability, jsii, engines } = own;
  const flavour = { name, version, author, repository, license, main, types, stability, jsii, engines };
  const text = JSON.stringify({ ...flavour, devDependencies, peerDependencies }, null, 2);
  return `${translate('package.json', text).replaceAll('cdktf_ksm', 'cdktn_ksm')}\n`;
}

void main();

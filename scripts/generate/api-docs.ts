/** Generates `API.md` from the compiled construct library: what to begin with, ours, and where the bindings are. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { root } from './repository';

const API = resolve(root, 'API.md');
const BINDINGS = resolve(root, 'docs/constructs/bindings.md');

/** To do → where it is, in the reference below. */
const TASKS: [string, string[]][] = [
  ['name the service and its vault', ['KsmProvider']],
  ['make an application, or refer to one', ['KsmApplication', 'IKsmApplication']],
  ['name a folder or record of the vault, and grant it', ['SharedFolder', 'VaultRecord', 'ISecret', 'ISecretGrant']],
  ['grant by itself', ['SharedFolderGrant', 'RecordGrant']],
  ['make a device and hand its credential on', ['ClientDevice', 'ClientDeviceOptions', 'Initialization', 'Reissue']],
  ['make a gateway and install it', ['Gateway', 'GatewayInstallation', 'GatewayPlatform']],
  ['a device for one run alone', ['EphemeralClientDevice']],
  ['what an installer needs beside a token', ['KsmService']],
  ['functions for what only Terraform knows', ['KsmFunctions']],
  ['check a whole program', ['KsmChecks', 'IKsmRule']],
  ['test a program', ['KsmAssertions']],
  ['what every resource takes and can', ['KsmResourceOptions', 'IKsmResource']],
];

export function generateApiDocs(): void {
  run(root, 'projen', 'compile');
  writeFileSync(API, apiOf(root));
  run(root, 'jsii-docgen', '--output', BINDINGS, '--submodule', 'bindings');
}

/** The API.md of what is compiled in a folder. */
export function apiOf(folder: string): string {
  const { name } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  run(folder, 'jsii-docgen', '--output', 'API.md', '--submodule', 'root');
  const reference = readFileSync(join(folder, 'API.md'), 'utf8');
  const rows = TASKS.flatMap(([task, names]) => {
    // What is not there yet, or no more, is no row.
    const links = names.filter((one) => reference.includes(`id="${name}.${one}"`));
    return links.length > 0 ? [`| ${task} | ${links.map((one) => `[${one}](#${name}.${one})`).join(', ')} |`] : [];
  });
  const head = [
    `# API of ${name}`,
    '',
    'What to do with it, and why, is in the [guides](docs/constructs/README.md). The generated L1 constructs, one to one with the provider’s schema, are in a file of',
    'their own: [bindings](docs/constructs/bindings.md).',
    '',
    '| to do | with |',
    '| --- | --- |',
    ...rows,
    '',
  ];
  return `${head.join('\n')}\n${reference}`;
}

function run(cwd: string, tool: string, ...args: string[]): void {
  execFileSync(resolve(root, 'node_modules/.bin', tool), args, { cwd, stdio: ['ignore', 'pipe', 'inherit'] });
}

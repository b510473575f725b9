import { resolve } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { UsageError } from '../private/command-error';
import {
  archivesFor,
  cliConfiguration,
  defaultMirrorDir,
  EXECUTABLE_PLATFORMS,
  goPlatform,
  installProvider,
  PLATFORMS,
  PROVIDER_SOURCE,
  scriptFor,
  writeCliConfiguration,
  writeMirror,
} from '../private/provider-mirror';
import { shellQuote } from '../private/shell-quote';

export function addProvider(program: Command): void {
  const provider = program.command('provider').description('The Terraform provider that comes with this command.');
  provider
    .command('install')
    .description('Put the provider where Terraform and OpenTofu find it without a registry.')
    .option('--dir <dir>', 'folder for the mirror and the CLI configuration (default: ~/.local/share/ksm-iac)')
    .addOption(platformOption("for other machines than this one, such as a team's lock file"))
    .addOption(archivesOption())
    .option('--print', 'print the CLI configuration instead of writing DIR/terraformrc, to merge it into your own')
    .addHelpText(
      'after',
      `
Writes DIR/mirror (the provider, as ${PROVIDER_SOURCE}) and DIR/terraformrc, which takes ${PROVIDER_SOURCE} from there and
every other provider as usual. Standard output is the one line that a shell needs.

The provider is one script, which needs Node where Terraform runs; its hash in .terraform.lock.hcl is the same for every
platform. With --archives it is the executable of each platform, which needs nothing and starts faster.

Examples:
  eval "$(ksm-iac provider install)" && terraform init
  ksm-iac provider install --platform all --dir ./provider
  ksm-iac provider install --print >> ~/.terraformrc`,
    )
    .action(install);
  provider
    .command('mirror')
    .description('Write a mirror of the provider for a team: for a file share, or to be served by HTTPS.')
    .argument('<dir>', 'folder of the mirror; other versions in it stay')
    .addOption(platformOption('which platforms (default: all)'))
    .addOption(archivesOption())
    .addHelpText(
      'after',
      `
The folder has an archive for each platform and the files of Terraform's network mirror protocol: name it as a
filesystem_mirror, or serve it as static files and name its URL as a network_mirror (HTTPS, the URL ends with a slash).
Standard output is the hashes that a lock file of these platforms has; standard error says how both are named to Terraform.

Examples:
  ksm-iac provider mirror ./mirror
  ksm-iac provider mirror ./mirror --platform linux_amd64 darwin_arm64`,
    )
    .action(mirror);
}

function archivesOption(): Option {
  return new Option(
    '--archives <dir>',
    'folder of release artefacts: take their executables in place of the script that comes with this command',
  );
}

function platformOption(what: string): Option {
  const all = [...new Set([...PLATFORMS, ...EXECUTABLE_PLATFORMS])];
  return new Option(
    '--platform <platform...>',
    `${what}: ${PLATFORMS.join(', ')}, or all; with --archives ${EXECUTABLE_PLATFORMS.join(', ')}`,
  ).argParser((value: string, before: readonly string[] = []) => {
    const names = value.split(',');
    if (names.some((name) => name !== 'all' && !all.includes(name))) {
      // The option takes whatever follows it.
      const cure = /[/.\\]/.test(value) ? ' A folder stands before --platform.' : '';
      throw new InvalidArgumentError(`expected ${all.join(', ')} or all.${cure}`);
    }
    return [...before, ...names];
  });
}

interface Choice {
  readonly platform?: readonly string[];
  readonly archives?: string;
}

/** The script or the executables, and a sentence that says which and why. */
async function chosen({ platform, archives }: Choice, usual: readonly string[]) {
  const known = archives === undefined ? PLATFORMS : EXECUTABLE_PLATFORMS;
  const platforms = [...new Set((platform ?? usual).flatMap((name) => (name === 'all' ? known : [name])))];
  const without = platforms.find((name) => !known.includes(name));
  if (without !== undefined) {
    throw new UsageError(
      without.startsWith('windows_')
        ? 'Terraform for Windows cannot start a provider that is a Node script. Name executables with --archives, or use both in WSL.'
        : `There is no executable for ${without}. Leave out --archives, or name ${known.join(', ')}.`,
    );
  }
  return archives === undefined
    ? {
        packages: await scriptFor(platforms),
        form: 'the script that comes with this command, since no --archives is named',
      }
    : {
        packages: await archivesFor(platforms, archives),
        form: `the executables of ${archives}, as their SHA256SUMS lists them`,
      };
}

async function mirror(dir: string, options: Choice): Promise<void> {
  const { packages, form } = await chosen(options, ['all']);
  const hashes = await writeMirror(packages, dir);
  process.stderr.write(`ksm-iac: ${PROVIDER_SOURCE} for ${[...packages.keys()].join(', ')} is in ${dir}: ${form}\n`);
  process.stderr.write(`${useOf(resolve(dir), [...packages.keys()]).join('\n')}\n`);
  process.stdout.write(`${hashes.join('\n')}\n`);
}

/** How a mirror is named to Terraform; by its whole path, since a relative one counts from `-chdir`. */
const useOf = (mirror: string, platforms: readonly string[]): string[] => [
  'In a CLI configuration, which TF_CLI_CONFIG_FILE names:',
  ...cliConfiguration(mirror)
    .trimEnd()
    .split('\n')
    .map((line) => `  ${line}`),
  'A lock file for these platforms, once in each root module:',
  `  terraform providers lock -fs-mirror=${shellQuote(mirror)} ${platforms.map((name) => `-platform=${name}`).join(' ')}`,
];

async function install(options: Choice & { dir?: string; print?: true }): Promise<void> {
  const dir = options.dir ?? defaultMirrorDir(process.env);
  const here = options.archives === undefined ? goPlatform(process.platform, process.arch) : executablePlatform();
  const { packages, form } = await chosen(options, [here]);
  const { mirror, replaced } = await installProvider(packages, dir);
  process.stderr.write(`ksm-iac: ${PROVIDER_SOURCE} is installed in ${mirror}: ${form}\n`);
  if (replaced) process.stderr.write(`${REPLACED_HINT}\n`);
  if (!packages.has(here)) {
    process.stderr.write(
      `ksm-iac: nothing is installed for this machine, which is ${here}: name it too where Terraform shall run here\n`,
    );
  }
  if (options.print) {
    process.stdout.write(cliConfiguration(mirror));
    return;
  }
  const file = await writeCliConfiguration(dir, mirror);
  process.stdout.write(`export TF_CLI_CONFIG_FILE=${shellQuote(file)}\n`);
}

/** Windows has executables, and no script. */
function executablePlatform(): string {
  return process.platform === 'win32'
    ? `windows_${process.arch === 'arm64' ? 'arm64' : 'amd64'}`
    : goPlatform(process.platform, process.arch);
}

/** Terraform locks the hash of what it installed, and `init -upgrade` keeps the lock of a version that is the same. */
export const REPLACED_HINT =
  'ksm-iac: another build of this version was installed before; where it is in use, delete .terraform.lock.hcl and run `terraform init`';

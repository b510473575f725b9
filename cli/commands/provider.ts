import { type Command, InvalidArgumentError, Option } from 'commander';
import {
  builtProvider,
  cliConfiguration,
  defaultMirrorDir,
  installProvider,
  PLATFORMS,
  PROVIDER_SOURCE,
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
    .option('--print', 'print the CLI configuration instead of writing DIR/terraformrc, to merge it into your own')
    .addHelpText(
      'after',
      `
Writes DIR/mirror (the provider, as ${PROVIDER_SOURCE}) and DIR/terraformrc, which takes ${PROVIDER_SOURCE} from there and
every other provider as usual. Standard output is the one line that a shell needs.

The provider is one script, so its hash in .terraform.lock.hcl is the same for every platform.

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
    .addHelpText(
      'after',
      `
The folder has an archive for each platform and the files of Terraform's network mirror protocol: name it as a
filesystem_mirror, or serve it as static files and name its URL as a network_mirror (HTTPS, the URL ends with a slash).
Standard output is the hashes that a lock file of these platforms has.

Examples:
  ksm-iac provider mirror ./mirror
  ksm-iac provider mirror ./mirror --platform linux_amd64 darwin_arm64`,
    )
    .action(mirror);
}

function platformOption(what: string): Option {
  return new Option('--platform <platform...>', `${what}: ${PLATFORMS.join(', ')}, or all`).argParser(
    (value: string, before: readonly string[] = []) => {
      if (value !== 'all' && !PLATFORMS.includes(value)) {
        const why = value.startsWith('windows_')
          ? 'Terraform for Windows cannot start a provider that is a Node script; use both in WSL'
          : `expected ${PLATFORMS.join(', ')} or all`;
        throw new InvalidArgumentError(`${why}.`);
      }
      return [...before, ...(value === 'all' ? PLATFORMS : [value])];
    },
  );
}

async function mirror(dir: string, { platform = PLATFORMS }: { platform?: readonly string[] }): Promise<void> {
  const platforms = [...new Set(platform)];
  const hashes = await writeMirror(builtProvider(), dir, platforms);
  process.stderr.write(`ksm-iac: ${PROVIDER_SOURCE} for ${platforms.join(', ')} is in ${dir}\n`);
  process.stdout.write(`${hashes.join('\n')}\n`);
}

async function install(options: { dir?: string; platform?: readonly string[]; print?: true }): Promise<void> {
  const dir = options.dir ?? defaultMirrorDir(process.env);
  const { mirror, replaced } = await installProvider(builtProvider(), dir, options.platform);
  process.stderr.write(`ksm-iac: ${PROVIDER_SOURCE} is installed in ${mirror}\n`);
  if (replaced) process.stderr.write(`${REPLACED_HINT}\n`);
  if (options.print) {
    process.stdout.write(cliConfiguration(mirror));
    return;
  }
  const file = await writeCliConfiguration(dir, mirror);
  process.stdout.write(`export TF_CLI_CONFIG_FILE=${shellQuote(file)}\n`);
}

/** Terraform locks the hash of what it installed, and `init -upgrade` keeps the lock of a version that is the same. */
export const REPLACED_HINT =
  'ksm-iac: another build of this version was installed before; where it is in use, delete .terraform.lock.hcl and run `terraform init`';

import type { Command } from 'commander';
import {
  builtProvider,
  cliConfiguration,
  defaultMirrorDir,
  installProvider,
  PROVIDER_SOURCE,
  writeCliConfiguration,
} from '../private/provider-mirror';
import { shellQuote } from '../private/shell-quote';

export function addProvider(program: Command): void {
  const provider = program.command('provider').description('The Terraform provider that comes with this command.');
  provider
    .command('install')
    .description('Put the provider where Terraform and OpenTofu find it without a registry.')
    .option('--dir <dir>', 'folder for the mirror and the CLI configuration (default: ~/.local/share/ksm-iac)')
    .option('--print', 'print the CLI configuration instead of writing DIR/terraformrc, to merge it into your own')
    .addHelpText(
      'after',
      `
Writes DIR/mirror (the provider, as ${PROVIDER_SOURCE}) and DIR/terraformrc, which takes ${PROVIDER_SOURCE} from there and
every other provider as usual. Standard output is the one line that a shell needs.

Examples:
  eval "$(ksm-iac provider install)" && terraform init
  ksm-iac provider install --print >> ~/.terraformrc`,
    )
    .action(install);
}

async function install(options: { dir?: string; print?: true }): Promise<void> {
  const dir = options.dir ?? defaultMirrorDir(process.env);
  const { mirror, replaced } = await installProvider(builtProvider(), dir);
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

import type { Command } from 'commander';
import { ENV } from '../../contract/api';
import { readServiceNote, type ServiceNote } from '../private/service-note';
import { shellQuote } from '../private/shell-quote';

export function addEnv(program: Command): void {
  program
    .command('env')
    .description('Print the shell lines that point Terraform at a running service.')
    .requiredOption('--data <dir>', 'data folder of the running service')
    .addHelpText(
      'after',
      `
The token itself is never printed: the shell reads it from its file.

Examples:
  eval "$(ksm-iac env --data ./vault)"
  ksm-iac env --data ./vault >> .envrc`,
    )
    .action(async ({ data }: { data: string }) => {
      const note = await readServiceNote(data);
      process.stdout.write(`${environmentLines(note, process.env).join('\n')}\n`);
    });
}

/** Lines for a POSIX shell; what would contradict them in `env` is unset. */
export function environmentLines(note: ServiceNote, env: NodeJS.ProcessEnv): string[] {
  const ca = note.caCertificateFile;
  return [
    `export ${ENV.endpoint}=${shellQuote(note.endpoint)}`,
    `export ${ENV.token}="$(cat ${shellQuote(note.tokenFile)})"`,
    ca ? `export ${ENV.caCertificateFile}=${shellQuote(ca)}` : `unset ${ENV.caCertificateFile}`,
    ...(env[ENV.caCertificate] ? [`unset ${ENV.caCertificate}`] : []),
  ];
}

/**
 * The `ksm-iac` command. `commands/` has one file a command, `private/` what several share, `vault-import/` the import
 * format. May import everything but lib/; what is heavy (service, HTTP client) is loaded when a command needs it.
 */
import { Command } from 'commander';
import { VERSION } from '../contract/version';
import { addApplication } from './commands/application';
import { addAudit } from './commands/audit';
import { addBackup } from './commands/backup';
import { addCompletion } from './commands/completion';
import { addDev } from './commands/dev';
import { addDevice } from './commands/device';
import { addEnv } from './commands/env';
import { addGateway } from './commands/gateway';
import { addGrant } from './commands/grant';
import { addKsm } from './commands/ksm';
import { addOrphans } from './commands/orphans';
import { addProvider } from './commands/provider';
import { addSecret } from './commands/secret';
import { addService } from './commands/service';
import { addToken } from './commands/token';
import { addVault } from './commands/vault';
import { fitted, helpWidth } from './private/help-text';
import { reportOf } from './private/report';
import { hasColors, painted, styled } from './private/style';

const program = new Command('ksm-iac')
  .description(
    'Keeper Secrets Manager as code: the service, its vault, and the Terraform provider. Not a Keeper product.',
  )
  .version(VERSION, '-V, --version', 'print the version')
  .helpOption('-h, --help', 'show this help')
  .helpCommand(false)
  .exitOverride()
  .showSuggestionAfterError()
  .showHelpAfterError('(--help shows the options)')
  // Options after `--` or after the name of a command belong to that command (`dev`).
  .enablePositionalOptions()
  .configureHelp({ minWidthToWrap: 30, styleTitle: (title) => painted('bold', title) })
  .configureOutput({
    getOutHelpWidth: () => helpWidth(process.stdout.columns),
    getErrHelpWidth: () => helpWidth(process.stderr.columns),
    getOutHasColors: () => hasColors(process.stdout),
    getErrHasColors: () => hasColors(process.stderr),
    writeOut: (text) => process.stdout.write(fitted(text, helpWidth(process.stdout.columns))),
    outputError: (text) => writeError(text.replace(/^error: /, '')),
  })
  .addHelpText(
    'after',
    `
Exit codes: 0 done, 1 failed, 2 the command line or the environment cannot work, 128 + n ended by signal n.
Shell completion: ksm-iac completion --help

Examples:
  ksm-iac dev --vault-file vault.json -- sh -c 'terraform init && terraform apply'
  ksm-iac service start --data ./vault`,
  );
const commands = [
  ...[addService, addBackup, addEnv, addDev, addKsm, addProvider],
  ...[
    addVault,
    addSecret,
    addApplication,
    addGrant,
    addDevice,
    addGateway,
    addToken,
    addOrphans,
    addAudit,
    addCompletion,
  ],
];
for (const add of commands) add(program);
for (const group of program.commands.filter(({ commands }) => commands.length > 0)) {
  const names = group.commands.map((command) => command.name()).join(', ');
  group.helpCommand('help [command]', 'Show the help of a command.');
  group.showHelpAfterError(`(ksm-iac ${group.name()} has ${names}; --help explains them)`);
}
program
  .command('help')
  .description('Show the help of a command.')
  .argument('[command...]', 'its words, as in: help vault import')
  .action((words: string[]) => commandOf(words).help());

/** @throws CommanderError, as for a wrong command line */
function commandOf(words: readonly string[]): Command {
  return words.reduce((command: Command, word) => {
    const found = command.commands.find((below) => below.name() === word);
    return found ?? command.error(`error: unknown command '${word}'`);
  }, program);
}

// A reader that closes the pipe early (`| head -1`) is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

program.parseAsync().catch((error: unknown) => {
  const { lines, exitCode } = reportOf(error);
  if (lines.length > 0) writeError(`${lines.join('\n')}\n`);
  process.exitCode = exitCode;
});

function writeError(text: string): void {
  process.stderr.write(`${styled('red', 'error:', process.stderr)} ${text}`);
}

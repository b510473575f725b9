import type { Command } from 'commander';
import type { DeviceApi } from '../../contract/types';
import { writePythonCertificates } from '../private/ca-bundles';
import { runChild } from '../private/child';
import { CommandError } from '../private/command-error';
import { deviceVariables } from '../private/development-environment';
import { deviceSettings } from '../private/device-settings';
import { writePythonHook } from '../private/python-hook';
import { readText } from '../private/read-text';
import { type EndingSignal, onEndingSignal, signalExitCode } from '../private/signals';
import { inWorkFolder } from '../private/work-folder';

interface KsmOptions {
  data?: string;
  run?: true;
}

export function addKsm(program: Command): void {
  program
    .command('ksm')
    .description("Run Keeper's own ksm CLI, or another Python program, as a device of an embedded vault.")
    .argument('<arguments...>', 'arguments of ksm, after --')
    .option(
      '--data <dir>',
      'data folder of the running service (default: the service of the KSM_IAC_DEVICE_… or KSM_IAC_… variables)',
    )
    .option('--run', 'the arguments are a whole command, not those of ksm')
    .passThroughOptions()
    .addHelpText(
      'after',
      `
The ksm CLI and Python SDKs before 17.3.0 know the public keys of Keeper's own servers alone. Here the key of the vault
is added to their table in the process that is started, and nowhere else; nothing is installed or changed.
ksm is taken from the PATH: pip install keeper-secrets-manager-cli.
The command gets KSM_HOSTNAME, unless it is set, and a REQUESTS_CA_BUNDLE in which the local CA is joined with yours, or
with common roots. Its exit code is passed on: 127 when there is no such command.

Examples:
  KSM_CLI_TOKEN="$TOKEN" ksm-iac ksm --data ./vault -- profile init
  ksm-iac ksm --data ./vault -- secret list
  ksm-iac ksm --data ./vault --run -- python3 app.py`,
    )
    .action(ksm);
}

async function ksm(command: string[], { data, run }: KsmOptions): Promise<void> {
  const [name, ...args] = (run ? command : ['ksm', ...command]) as [string, ...string[]];
  // From before the folder is made until this process is gone: no signal leaves the folder behind.
  const interruption = new AbortController();
  onEndingSignal((signal) => interruption.abort(signal));
  const settings = await deviceSettings(data, process.env, interruption.signal);
  process.exitCode = await inWorkFolder(async (dir) => {
    const env = await deviceEnvironment(process.env, settings, dir);
    if (interruption.signal.aborted) return signalExitCode(interruption.signal.reason as EndingSignal);
    return runChild(name, args, env).catch(withCure(name));
  });
}

async function deviceEnvironment(
  user: NodeJS.ProcessEnv,
  settings: DeviceApi,
  dir: string,
): Promise<NodeJS.ProcessEnv> {
  const env: NodeJS.ProcessEnv = { ...user, ...deviceVariables(settings) };
  env.KSM_HOSTNAME ||= settings.hostname;
  env.PYTHONPATH = await writePythonHook(dir, user.PYTHONPATH);
  if (settings.caCertificate) {
    const own = user.REQUESTS_CA_BUNDLE ? await readText('REQUESTS_CA_BUNDLE', user.REQUESTS_CA_BUNDLE) : undefined;
    env.REQUESTS_CA_BUNDLE = await writePythonCertificates(own, settings.caCertificate, dir);
  }
  return env;
}

function withCure(name: string) {
  return (error: unknown): never => {
    if (name !== 'ksm' || !(error instanceof CommandError) || error.exitCode !== 127) throw error;
    throw new CommandError(`${error.message} Install it: pip install keeper-secrets-manager-cli.`, 127);
  };
}

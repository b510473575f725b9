/** Runs a command in our place: its input, output, signals and exit code are ours. */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { CommandError, errorCode, reasonOf } from './command-error';
import { onEndingSignal, signalExitCode } from './signals';

/**
 * @returns the command's exit code; 128 + n when signal n ended it
 * @throws CommandError 127 when there is no such command, 126 when it cannot be run
 */
export function runChild(command: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  let child: ChildProcess | undefined;
  // Before the command runs, or a signal in between would end this process and leave the command behind.
  const release = onEndingSignal((signal) => {
    // A terminal sends Ctrl-C and its own end to the command as well; twice, Terraform would stop at once.
    if (signal === 'SIGTERM' || !hasTerminal()) child?.kill(signal);
  });
  return new Promise<number>((resolve, reject) => {
    child = spawn(command, args, { env, stdio: 'inherit' });
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(signal ? signalExitCode(signal) : (code ?? 1)));
  })
    .catch((error: unknown) => {
      const missing = errorCode(error) === 'ENOENT';
      const what = missing ? 'there is no such command' : reasonOf(error);
      throw new CommandError(`Cannot run ${JSON.stringify(command)}: ${what}.`, missing ? 127 : 126);
    })
    .finally(release);
}

/** Whether this process has a controlling terminal, wherever its input and output go. */
function hasTerminal(): boolean {
  try {
    closeSync(openSync('/dev/tty', 'r'));
    return true;
  } catch {
    return false;
  }
}

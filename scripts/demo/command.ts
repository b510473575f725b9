import { type ChildProcess, spawn } from 'node:child_process';

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Exit codes that are no failure. @default [0] */
  readonly expect?: readonly number[];
}

/** Runs a command to its end and keeps what it printed; an unexpected exit code is an error with the last of it. */
export function run(command: string, args: readonly string[], options: CommandOptions = {}): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: options.cwd, env: options.env, stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
    });
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    child.on('error', reject);
    child.on('close', (code) => {
      const outcome = { code: code ?? -1, stdout, stderr };
      if ((options.expect ?? [0]).includes(outcome.code)) resolve(outcome);
      else reject(new CommandFailed(command, args, outcome));
    });
  });
}

export class CommandFailed extends Error {
  constructor(
    command: string,
    args: readonly string[],
    readonly outcome: Outcome,
  ) {
    const said = `${outcome.stdout}\n${outcome.stderr}`.trim().split('\n').slice(-30).join('\n');
    super(`${command} ${args.join(' ')} ended with exit code ${outcome.code}:\n${said}`);
  }
}

/** Asks a process to end and waits for it. */
export function stop(child: ChildProcess): Promise<number> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode ?? -1);
  return new Promise((resolve) => {
    child.once('exit', (code) => resolve(code ?? -1));
    child.kill('SIGTERM');
  });
}

/** Runs the built `ksm-iac` as a child process. */
import type { SpawnOptions } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBundles } from './bundles';
import { type Ended, Running } from './process';

export function startCli(args: readonly string[], options: SpawnOptions = {}): Running {
  return new Running(process.execPath, [ensureBundles().cli, ...args], options);
}

/** For the text of a shell script: `ksm-iac` as the alias of README makes it. */
export const shellFunction = (): string => `ksm-iac() { '${process.execPath}' '${ensureBundles().cli}' "$@"; }`;

/** Puts a command `ksm-iac` into a folder, for a `PATH`. */
export function installCommand(folder: string): void {
  const script = `#!/bin/sh\nexec '${process.execPath}' '${ensureBundles().cli}' "$@"\n`;
  writeFileSync(join(folder, 'ksm-iac'), script, { mode: 0o755 });
}

export function runCli(args: readonly string[], options: SpawnOptions = {}): Promise<Ended> {
  return startCli(args, options).ended;
}

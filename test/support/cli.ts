/** Runs the built `ksm-iac` as a child process. */
import type { SpawnOptions } from 'node:child_process';
import { ensureBundles } from './bundles';
import { type Ended, Running } from './process';

export function startCli(args: readonly string[], options: SpawnOptions = {}): Running {
  return new Running(process.execPath, [ensureBundles().cli, ...args], options);
}

export function runCli(args: readonly string[], options: SpawnOptions = {}): Promise<Ended> {
  return startCli(args, options).ended;
}

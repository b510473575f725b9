/** What every command has that talks to a running service. */
import type { Command } from 'commander';
import type { KsmClient } from '../../contract/client';
import { clientFor, resolveConnection } from './connection';
import { onEndingSignal } from './signals';

export interface ServiceOptions {
  data?: string;
}

export interface ListOptions extends ServiceOptions {
  json?: true;
}

const DATA = [
  '--data <dir>',
  'data folder of the running service (default: the service of the KSM_IAC_… variables)',
] as const;

/** Adds `--data`. */
export function serviceOptions(command: Command): Command {
  return command.option(...DATA);
}

/** Adds `--data` and `--json`. */
export function listOptions(command: Command): Command {
  return serviceOptions(command).option('--json', "print the API's items as JSON, for programs");
}

/** Runs `work` with a client of the service that `--data` or the environment names; a signal ends its requests. */
export async function withService<T>(
  { data }: ServiceOptions,
  work: (client: KsmClient, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const interruption = new AbortController();
  const release = onEndingSignal(() => interruption.abort());
  try {
    const client = await clientFor(await resolveConnection(data, process.env), interruption.signal);
    return await work(client, interruption.signal);
  } finally {
    release();
  }
}

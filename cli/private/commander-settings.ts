/** Where Keeper Commander is, and its keys: by the environment or files of mode 0600, never by an argument. */

import { readFileSync, statSync } from 'node:fs';
import type { Command } from 'commander';
import { ENV } from '../../contract/api';
import type { StartOptions } from '../../service/main';

export interface CommanderArguments {
  readonly vault: 'embedded' | 'commander';
  readonly commanderUrl?: string | undefined;
  readonly commanderKeyFile?: string | undefined;
  readonly commanderCaFile?: string | undefined;
  readonly commanderTimeZone?: string | undefined;
  readonly commanderRateLimit?: number | undefined;
}

/** What `startService` takes of them. */
export type CommanderSettings = Omit<NonNullable<StartOptions['commander']>, 'isRestated'>;

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/** Undefined for the embedded vault. Ends the command with a sentence where something is missing or unsafe. */
export function commanderSettings(
  options: CommanderArguments,
  command: Command,
  env: NodeJS.ProcessEnv = process.env,
): CommanderSettings | undefined {
  const { vault, commanderUrl, commanderKeyFile, commanderCaFile, commanderTimeZone, commanderRateLimit } = options;
  if (vault === 'embedded') {
    if (commanderUrl !== undefined) command.error('error: --commander-url needs --vault commander.');
    return undefined;
  }
  if (commanderUrl === undefined) {
    return command.error('error: --vault commander needs --commander-url: where Commander runs its Service Mode.');
  }
  const url = URL.canParse(commanderUrl) ? new URL(commanderUrl) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.pathname !== '/') {
    return command.error(
      `error: --commander-url is "${commanderUrl}"; expected http(s)://host:port, as http://127.0.0.1:8900.`,
    );
  }
  if (url.protocol === 'http:' && !LOOPBACK.test(url.hostname)) {
    return command.error(
      `error: --commander-url is plain HTTP to ${url.hostname}: keys and tokens would cross the network in clear. Use https, or a loopback address.`,
    );
  }
  if (commanderTimeZone !== undefined && !isTimeZone(commanderTimeZone)) {
    return command.error(
      `error: --commander-time-zone is "${commanderTimeZone}"; expected an IANA name, as Europe/Berlin.`,
    );
  }
  const apiKey = commanderKeyFile === undefined ? env[ENV.commanderApiKey] : secretIn(commanderKeyFile, command);
  if (!apiKey) {
    return command.error(
      `error: The API key of Commander is missing: set ${ENV.commanderApiKey}, or give --commander-key-file.`,
    );
  }
  return {
    url: url.origin,
    apiKey,
    encryptionKey: env[ENV.commanderEncryptionKey],
    ca: commanderCaFile === undefined ? undefined : textOf(commanderCaFile, command),
    timeZone: commanderTimeZone,
    requestsPerMinute: commanderRateLimit,
  };
}

function secretIn(file: string, command: Command): string {
  const text = textOf(file, command).trim();
  if (process.platform !== 'win32' && (statSync(file).mode & 0o077) !== 0) {
    command.error(`error: ${file} can be read by others than its owner; set its mode to 0600.`);
  }
  return text;
}

function textOf(file: string, command: Command): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    return command.error(`error: ${file} cannot be read (${(error as NodeJS.ErrnoException).code}).`);
  }
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

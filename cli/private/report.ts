/** Turns whatever a command threw into lines on stderr and an exit code. */
import { CommanderError } from 'commander';
import { isKsmError, type KsmError } from '../../contract/errors';
import { CommandError, errorCode } from './command-error';

export interface Report {
  readonly lines: readonly string[];
  readonly exitCode: number;
}

/** Never a stack trace. Commander has printed its own message already. */
export function reportOf(error: unknown): Report {
  if (error instanceof CommanderError) return { lines: [], exitCode: error.exitCode === 0 ? 0 : 2 };
  if (error instanceof CommandError) return { lines: [error.message], exitCode: error.exitCode };
  if (isKsmError(error)) return { lines: ksmLines(error), exitCode: error.code === 'cancelled' ? 130 : 1 };
  const native = nativeModuleOf(error);
  if (native) return { lines: [missingNative(native)], exitCode: 1 };
  return { lines: [error instanceof Error ? firstLine(error.message) : 'an unknown failure'], exitCode: 1 };
}

function ksmLines(error: KsmError): string[] {
  const fields = (error.facts.errors ?? [])
    // A single one is the detail already.
    .filter(({ field, message }) => !error.detail.includes(`${field} ${message}`))
    .map(({ field, message }) => `  ${field}: ${message}`);
  const request = error.facts.requestId ? [`  (request ${error.facts.requestId})`] : [];
  return [error.detail, ...fields, ...request];
}

/** The one thing that is not in the bundle: the native part of SQLite, which Node looks for from the script upwards. */
function nativeModuleOf(error: unknown): string | undefined {
  if (errorCode(error) !== 'MODULE_NOT_FOUND') return undefined;
  return /'(@libsql\/[^']+)'/.exec((error as Error).message)?.[1];
}

function missingNative(name: string): string {
  return `The native part of SQLite, ${name}, is not installed where this script is. Run it from a checkout after npm ci, or install it beside it: npm install ${name}`;
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0]!;
}

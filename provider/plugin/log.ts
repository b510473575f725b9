import { writeSync } from 'node:fs';
import type { Log, LogFields } from '../framework/log';

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'off'] as const;
type Level = (typeof LEVELS)[number];

/**
 * The level that Terraform's own variables ask for: TF_LOG_PROVIDER before
 * TF_LOG. Terraform takes what it does not know, and `JSON`, for TRACE.
 *
 * @default errors alone, which Terraform then keeps to itself
 */
export function levelFrom(env: NodeJS.ProcessEnv): Level {
  const text = (env.TF_LOG_PROVIDER || env.TF_LOG || 'error').toLowerCase();
  return LEVELS.find((level) => level === text) ?? 'trace';
}

/** Writes hclog's JSON lines, which Terraform's launcher reads from stderr. */
export function createLog(level: Level, write: (line: string) => void = writeToStderr): Log {
  const at = (own: Exclude<Level, 'off'>) =>
    LEVELS.indexOf(own) < LEVELS.indexOf(level)
      ? () => {}
      : (message: string, fields: LogFields = {}) => write(`${JSON.stringify(entry(own, message, fields))}\n`);
  return { trace: at('trace'), debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

function entry(level: Level, message: string, fields: LogFields): Record<string, unknown> {
  return {
    ...fields,
    '@level': level,
    '@message': message,
    '@module': 'ksm',
    // Exactly six fractional digits, else Terraform logs the whole line raw.
    '@timestamp': new Date().toISOString().replace(/Z$/, '000Z'),
  };
}

function writeToStderr(line: string): void {
  try {
    writeSync(2, line);
  } catch {
    // Terraform is gone, or reads too slowly; a log line is worth neither a crash nor a wait.
  }
}

/**
 * What may be logged of an unexpected error: its class, its code and where it
 * was thrown. Never its message, which may quote a request and so a secret.
 */
export function errorFields(error: unknown): LogFields {
  if (!(error instanceof Error)) return { error: typeof error };
  const code = (error as NodeJS.ErrnoException).code;
  const place = (error.stack ?? '').replace(error.message, '');
  const frames = place.split('\n').filter((line) => /^\s+at /.test(line));
  return { error: error.name, code, at: frames.map((frame) => frame.trim()).join(' | ') };
}

import pino, { type DestinationStream, type Logger } from 'pino';
import { standardErrorSink } from './log-sink';

export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'silent';

/**
 * The service's log: JSON lines on standard error. Nothing logs headers or
 * bodies in the first place; the redaction is for whoever adds a line later.
 */
export function createLog(level: LogLevel, destination: DestinationStream = standardErrorSink()): Logger {
  const secrets = ['authorization', '["idempotency-key"]', 'token', 'oneTimeToken', 'body', 'headers', 'rawPacket'];
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths: [...secrets, ...secrets.map((name) => (name.startsWith('[') ? `*${name}` : `*.${name}`))] },
      serializers: { err: describeError },
    },
    destination,
  );
}

/** Node and libraries hang packets, requests and parameters on errors: only these three are ours to print. */
function describeError(error: unknown): object {
  const { name, message, stack } = error as Error;
  return { name, message, stack };
}

import type { ErrorCode, KsmError } from '../errors';

const BACKOFF_FIRST_MS = 250;
const BACKOFF_MAX_MS = 8_000;

/** It says by itself when it is worth to ask again: such a wait is no failure, and no limit of retries counts it. */
const WAITED_OUT: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'operation_in_progress',
  'run_active',
  'rate_limited',
  'shutting_down',
  'vault_unavailable',
  'vault_busy',
]);

export interface Wait {
  readonly milliseconds: number;
  /** Whether it was a failure, which `maxRetries` limits, and not a wait that the service asked for. */
  readonly counts: boolean;
}

/** The wait until another attempt; undefined: what the service refused for a reason is never tried again. */
export function waitAfter(error: KsmError, failures: number, maxRetries: number, random: number): Wait | undefined {
  if (!isTransient(error)) return undefined;
  const asked = error.facts.retryAfterSeconds;
  if (asked !== undefined) return { milliseconds: asked * 1000, counts: false };
  return failures < maxRetries ? { milliseconds: backoff(failures, random), counts: true } : undefined;
}

/** Whether another attempt may succeed. */
export function isTransient(error: KsmError): boolean {
  if (WAITED_OUT.has(error.code) || error.code === 'request_timeout') return true;
  if (error.code === 'service_unreachable') return error.facts.transient !== false;
  return error.code === 'invalid_reply' && error.facts.transient === true;
}

/** Doubles, with its upper half drawn by chance, so that ten parallel creations do not come back as one. */
function backoff(failures: number, random: number): number {
  const full = Math.min(BACKOFF_MAX_MS, BACKOFF_FIRST_MS * 2 ** failures);
  return full / 2 + (random * full) / 2;
}

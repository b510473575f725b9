/** What goes into one HTTP exchange and what comes out of it: types alone. */
import type { ErrorCode } from '../errors';
import type { Surroundings } from './surroundings';

export interface ClientOptions {
  /** Base URL of the service, for instance `https://127.0.0.1:8443`. Without a path `/v1` is appended by the client. */
  readonly endpoint: string;
  /** API token. SECRET: sent as bearer, never logged. */
  readonly token: string;
  /** PEM of the CA that signed the service's certificate. @default the roots that Node trusts */
  readonly caCertificate?: string | undefined;
  /** Longest wait for one HTTP attempt, in milliseconds. */
  readonly requestTimeoutMs: number;
  /** Longest wait for one call with all its retries, in milliseconds. */
  readonly operationTimeoutMs: number;
  /** Retries after a transient failure; waits that the service asked for do not count. */
  readonly maxRetries: number;
  /** Sent as `Ksm-Run` with every request. @default none: what is made never lapses */
  readonly runId?: string | undefined;
  readonly userAgent: string;
  /** Never by a proxy: for a service on this machine. @default loopback is asked directly, else the environment says it */
  readonly direct?: boolean | undefined;
  /** Ends everything at once when aborted, requests that run included: the process is about to end. */
  readonly signal?: AbortSignal | undefined;
  /** Told of every HTTP attempt when it has ended. Never given a secret. */
  readonly onExchange?: ((event: ExchangeEvent) => void) | undefined;
  /** Where HTTPS_PROXY and its like are read. @default process.env */
  readonly environment?: NodeJS.ProcessEnv | undefined;
  /** @default the machine's clocks, timers and random numbers */
  readonly surroundings?: Surroundings | undefined;
}

/** What one operation, of one or several calls, allows. */
export interface CallOptions {
  /**
   * Ends waits between attempts and reads at once when aborted, and begins nothing. The running attempt of a write
   * finishes: whether it was carried out would be unknown otherwise.
   */
  readonly signal?: AbortSignal | undefined;
  /**
   * When the operation must have ended, by the `now` of the client's surroundings, in milliseconds. Calls of one
   * operation share it. @default `operationTimeoutMs` from now on, for this call alone
   */
  readonly deadline?: number | undefined;
}

/** One HTTP attempt that has ended, for a log. */
export interface ExchangeEvent {
  readonly method: Exchange['method'];
  /** From `/v1` on, ids included; no query, which may have names in it. */
  readonly path: string;
  /** From 1 on, within one call. */
  readonly attempt: number;
  readonly durationMs: number;
  /** HTTP status. Undefined: there was no reply. */
  readonly status?: number | undefined;
  /** Under which the service's log has more. */
  readonly requestId?: string | undefined;
  /** What failed. Undefined: nothing. */
  readonly code?: ErrorCode | undefined;
  /** How long until the next attempt, in milliseconds. Undefined: there is none. */
  readonly waitMs?: number | undefined;
}

/** What this client uses of a reply. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly data: unknown;
}

export interface Exchange {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path from `/v1` on, with encoded segments. */
  readonly path: string;
  readonly query?: Record<string, string | number | boolean | readonly string[] | undefined>;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
  /** Draws an `Idempotency-Key` so that a retried creation makes one thing. */
  readonly idempotent?: boolean;
  /** Longest wait for this call with all its retries, for instance of a settle, which has nine seconds. */
  readonly operationTimeoutMs?: number;
  /** Whether the running attempt finishes when the call's signal is aborted. @default true for all but GET */
  readonly finishAttempt?: boolean;
}

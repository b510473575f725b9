/** What goes into one HTTP exchange and what comes out of it: types alone. */

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
  /** Never by a proxy: for a service on this machine. @default HTTPS_PROXY and NO_PROXY say it */
  readonly direct?: boolean | undefined;
  /** Ends waits and requests when aborted. */
  readonly signal?: AbortSignal | undefined;
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
  /** Overrides of the options, for instance for a settle that has ten seconds. */
  readonly operationTimeoutMs?: number;
}

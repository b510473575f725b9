/**
 * One HTTP exchange with the service, retried where that is safe. Knows no
 * noun; `client.ts` does. axios is loaded at the first request, since a
 * provider process that only plans a creation never makes one.
 */
import { randomBytes } from 'node:crypto';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { HEADER_IDEMPOTENCY_KEY, HEADER_RUN } from '../api';
import { KsmError } from '../errors';
import { connectionFailure, isTransient, problemOf } from './failures';

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
  readonly query?: Record<string, string | number | boolean | undefined>;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
  /** Draws an `Idempotency-Key` so that a retried creation makes one thing. */
  readonly idempotent?: boolean;
  /** Overrides of the options, for instance for a settle that has ten seconds. */
  readonly operationTimeoutMs?: number;
}

const BACKOFF_FIRST_MS = 250;
const BACKOFF_MAX_MS = 8_000;
/** Terraform's default parallelism is 10; a little more keeps a raised one busy without a flood of handshakes. */
const MAX_SOCKETS = 16;
/** A snapshot of 10,000 devices is about 8 MB. */
const MAX_REPLY_BYTES = 64 * 1024 * 1024;

export class Transport {
  private instance: ReturnType<typeof loadAxios> | undefined;

  constructor(private readonly options: ClientOptions) {}

  async send<T>(exchange: Exchange): Promise<T> {
    const deadline = Date.now() + (exchange.operationTimeoutMs ?? this.options.operationTimeoutMs);
    // One key for all attempts of this call; drawn here so that it lives in memory only (DESIGN, crash safety 1).
    const key = exchange.idempotent ? randomBytes(32).toString('base64url') : undefined;
    let failures = 0;
    for (;;) {
      const error = await this.attempt<T>(exchange, key, deadline).then(
        (reply) => ({ reply }),
        (failure: KsmError) => failure,
      );
      if (!(error instanceof KsmError)) return error.reply;
      const asked = error.facts.retryAfterSeconds;
      if (asked === undefined && (!isTransient(error) || failures >= this.options.maxRetries)) throw error;
      const wait = asked === undefined ? backoff(failures++) : asked * 1000;
      if (Date.now() + wait >= deadline) throw asked === undefined ? error : operationTimeout(exchange, error);
      await this.pause(wait);
    }
  }

  private async attempt<T>(exchange: Exchange, key: string | undefined, deadline: number): Promise<T> {
    this.refuseIfCancelled();
    this.instance ??= loadAxios(this.options);
    const axios = await this.instance;
    let response: Reply;
    try {
      response = await axios.request({
        method: exchange.method,
        url: exchange.path,
        params: exchange.query,
        data: exchange.body,
        headers: { ...exchange.headers, ...(key ? { [HEADER_IDEMPOTENCY_KEY]: key } : {}) },
        timeout: Math.max(1, Math.min(this.options.requestTimeoutMs, deadline - Date.now())),
        signal: this.options.signal,
      });
    } catch (failure) {
      this.refuseIfCancelled();
      throw connectionFailure(failure, this.options);
    }
    if (response.status >= 200 && response.status < 300) return parse<T>(response, exchange, this.options.endpoint);
    throw problemOf(response, exchange, this.options.endpoint);
  }

  private refuseIfCancelled(): void {
    if (this.options.signal?.aborted) throw new KsmError('cancelled', 'Terraform asked to stop.');
  }

  private pause(milliseconds: number): Promise<void> {
    const { signal } = this.options;
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, milliseconds);
      signal?.addEventListener('abort', done);
    });
  }
}

async function loadAxios(options: ClientOptions) {
  const { default: axios } = await import('axios');
  const agent = { keepAlive: true, maxSockets: MAX_SOCKETS };
  return axios.create({
    baseURL: `${options.endpoint.replace(/\/+$/, '')}/v1`,
    headers: {
      authorization: `Bearer ${options.token}`,
      accept: 'application/json, application/problem+json',
      'user-agent': options.userAgent,
      ...(options.runId ? { [HEADER_RUN]: options.runId } : {}),
    },
    httpAgent: new HttpAgent(agent),
    httpsAgent: new HttpsAgent({
      ...agent,
      minVersion: 'TLSv1.2',
      ...(options.caCertificate ? { ca: options.caCertificate } : {}),
    }),
    // A redirect would carry the bearer token to another host.
    maxRedirects: 0,
    maxContentLength: MAX_REPLY_BYTES,
    validateStatus: () => true,
    responseType: 'text',
    transformResponse: (body: unknown) => body,
  });
}

/** Exponential with full jitter on its upper half, so that ten parallel creates do not come back as one. */
function backoff(failures: number): number {
  const full = Math.min(BACKOFF_MAX_MS, BACKOFF_FIRST_MS * 2 ** failures);
  return full / 2 + (Math.random() * full) / 2;
}

function operationTimeout(exchange: Exchange, last: KsmError): KsmError {
  return new KsmError(
    'operation_timeout',
    `${exchange.method} ${exchange.path} did not finish within the operation timeout; the service last said: ${last.detail}`,
    last.facts,
  );
}

function parse<T>(response: Reply, exchange: Exchange, endpoint: string): T {
  if (response.status === 204 || response.data === '') return undefined as T;
  try {
    return JSON.parse(response.data as string) as T;
  } catch {
    throw new KsmError(
      'invalid_reply',
      `${endpoint} answered ${exchange.method} ${exchange.path} with status ${response.status} and something that is not JSON. Is the endpoint that of a ksm-iac service, and no proxy's page?`,
    );
  }
}

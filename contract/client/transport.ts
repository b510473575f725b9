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
import type { ClientOptions, Exchange, Reply } from './exchange';
import { connectionFailure, isTransient, problemOf } from './failures';

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
    for (let failures = 0; ; ) {
      try {
        return await this.attempt<T>(exchange, key, deadline);
      } catch (error) {
        if (!(error instanceof KsmError)) throw error;
        const asked = error.facts.retryAfterSeconds;
        if (asked === undefined && (!isTransient(error) || failures >= this.options.maxRetries)) throw error;
        const wait = asked === undefined ? backoff(failures++) : asked * 1000;
        if (Date.now() + wait >= deadline) throw asked === undefined ? error : operationTimeout(exchange, error);
        await this.pause(wait);
      }
    }
  }

  private async attempt<T>(exchange: Exchange, key: string | undefined, deadline: number): Promise<T> {
    this.instance ??= loadAxios(this.options);
    const axios = await this.instance;
    this.refuseIfCancelled();
    const limit = this.limit(Math.max(1, Math.min(this.options.requestTimeoutMs, deadline - Date.now())));
    let response: Reply;
    try {
      response = await axios.request({
        method: exchange.method,
        url: exchange.path,
        params: exchange.query,
        data: exchange.body,
        headers: { ...exchange.headers, ...(key ? { [HEADER_IDEMPOTENCY_KEY]: key } : {}) },
        signal: limit.signal,
      });
    } catch (failure) {
      this.refuseIfCancelled();
      throw connectionFailure(limit.signal.aborted ? { code: 'ETIMEDOUT' } : failure, this.options);
    } finally {
      limit.release();
    }
    if (response.status >= 200 && response.status < 300) return parse<T>(response, exchange, this.options.endpoint);
    throw problemOf(response, exchange, this.options.endpoint);
  }

  /** Ends one attempt: by the client's signal, or by a time that axios' own `timeout` begins anew at each byte. */
  private limit(milliseconds: number): { readonly signal: AbortSignal; release(): void } {
    const controller = new AbortController();
    const end = () => controller.abort();
    const timer = setTimeout(end, milliseconds);
    this.options.signal?.addEventListener('abort', end);
    return {
      signal: controller.signal,
      release: () => {
        clearTimeout(timer);
        this.options.signal?.removeEventListener('abort', end);
      },
    };
  }

  private refuseIfCancelled(): void {
    if (this.options.signal?.aborted) throw new KsmError('cancelled', 'The operation was cancelled.');
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
    ...(options.direct ? { proxy: false } : {}),
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

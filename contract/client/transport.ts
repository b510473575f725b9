/** One HTTP exchange with the service, retried where that is safe. Knows no noun; `client.ts` does. */
import { HEADER_IDEMPOTENCY_KEY, HEADER_REQUEST_ID } from '../api';
import { KsmError } from '../errors';
import { type Connection, connect } from './connection';
import type { CallOptions, ClientOptions, Exchange, ExchangeEvent, Reply } from './exchange';
import { connectionFailure, invalidReply, problemOf, type Way } from './failures';
import { waitAfter } from './retry';
import { systemSurroundings } from './surroundings';

export class Transport {
  private readonly connection: { opened?: Promise<Connection> };

  constructor(
    private readonly options: ClientOptions,
    private readonly call: CallOptions = {},
    shared?: Transport,
  ) {
    this.connection = shared?.connection ?? {};
  }

  /** The same connection, for the calls of one operation. */
  during(call: CallOptions): Transport {
    return new Transport(this.options, call, this);
  }

  /** @throws KsmError, whatever goes wrong */
  async send<T>(exchange: Exchange): Promise<T> {
    const { maxRetries } = this.options;
    const { now, random } = this.surroundings;
    const deadline = this.deadlineOf(exchange);
    const headers = this.headersOf(exchange);
    let last: KsmError | undefined;
    for (let attempt = 1, failures = 0; ; attempt++) {
      if (now() >= deadline) throw operationTimeout(exchange, last);
      const started = now();
      let reply: Reply | undefined;
      try {
        const { way, request } = await this.open();
        this.refuseIfCancelled(last);
        reply = await this.attempt(request, way, exchange, headers, deadline);
        const value = contentOf<T>(reply, exchange, way, this.surroundings.date());
        this.tell(exchange, attempt, started, reply, {});
        return value;
      } catch (error) {
        if (!(error instanceof KsmError)) throw error;
        const wait = waitAfter(error, failures, maxRetries, random());
        const inTime = wait !== undefined && now() + wait.milliseconds < deadline;
        const again = inTime && !this.isCancelled();
        const waitMs = again ? wait.milliseconds : undefined;
        if (error.code !== 'cancelled') this.tell(exchange, attempt, started, reply, { code: error.code, waitMs });
        if (wait === undefined) throw error;
        if (this.isCancelled()) throw cancelled(error);
        if (!inTime) throw wait.counts ? error : operationTimeout(exchange, error);
        if (wait.counts) failures++;
        last = error;
        await this.pause(wait.milliseconds);
      }
    }
  }

  private get surroundings() {
    return this.options.surroundings ?? systemSurroundings;
  }

  private open(): Promise<Connection> {
    this.connection.opened ??= connect(this.options);
    return this.connection.opened;
  }

  private deadlineOf({ operationTimeoutMs = Number.POSITIVE_INFINITY }: Exchange): number {
    const now = this.surroundings.now();
    return Math.min(this.call.deadline ?? now + this.options.operationTimeoutMs, now + operationTimeoutMs);
  }

  private headersOf({ idempotent, headers }: Exchange): Record<string, string> {
    // One key for all attempts of this call; drawn here so that it lives in memory only.
    const key = idempotent ? this.surroundings.randomBytes(32).toString('base64url') : undefined;
    return { ...headers, ...(key ? { [HEADER_IDEMPOTENCY_KEY]: key } : {}) };
  }

  private async attempt(
    request: Connection['request'],
    way: Way,
    exchange: Exchange,
    headers: Record<string, string>,
    deadline: number,
  ): Promise<Reply> {
    const { method, finishAttempt = method !== 'GET' } = exchange;
    const { now, after } = this.surroundings;
    const left = deadline - now();
    const byDeadline = left < way.requestTimeoutMs;
    const ending = new AbortController();
    let timedOut = false;
    // axios' own `timeout` begins anew at each byte.
    const cancelTimer = after(byDeadline ? left : way.requestTimeoutMs, () => {
      timedOut = true;
      ending.abort();
    });
    const release = onAbort([this.options.signal, finishAttempt ? undefined : this.call.signal], () => ending.abort());
    try {
      return await request(exchange, headers, ending.signal);
    } catch (failure) {
      if (timedOut) throw byDeadline ? operationTimeout(exchange) : connectionFailure({ code: 'ETIMEDOUT' }, way);
      if (ending.signal.aborted) throw cancelled();
      throw connectionFailure(failure, way);
    } finally {
      cancelTimer();
      release();
    }
  }

  private tell(
    { method, path }: Exchange,
    attempt: number,
    started: number,
    reply: Reply | undefined,
    end: Pick<ExchangeEvent, 'code' | 'waitMs'>,
  ): void {
    const id = reply?.headers[HEADER_REQUEST_ID];
    this.options.onExchange?.({
      method,
      path,
      attempt,
      durationMs: this.surroundings.now() - started,
      status: reply?.status,
      requestId: typeof id === 'string' ? id : undefined,
      ...end,
    });
  }

  private isCancelled(): boolean {
    return this.options.signal?.aborted === true || this.call.signal?.aborted === true;
  }

  private refuseIfCancelled(last: KsmError | undefined): void {
    if (this.isCancelled()) throw cancelled(last);
  }

  private pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        cancelTimer();
        release();
        resolve();
      };
      const cancelTimer = this.surroundings.after(milliseconds, done);
      const release = onAbort([this.options.signal, this.call.signal], done);
    });
  }
}

/** Not AbortSignal.any, whose signals Node 20 keeps for as long as the ones that they follow. */
function onAbort(signals: readonly (AbortSignal | undefined)[], listener: () => void): () => void {
  for (const signal of signals) signal?.addEventListener('abort', listener);
  return () => {
    for (const signal of signals) signal?.removeEventListener('abort', listener);
  };
}

function cancelled(last?: KsmError): KsmError {
  const said = last ? ` What failed before: ${last.detail}` : '';
  return new KsmError('cancelled', `The operation was cancelled.${said}`, last?.facts);
}

function operationTimeout({ method, path }: Exchange, last?: KsmError): KsmError {
  const said = last ? `; the service last said: ${last.detail}` : '.';
  return new KsmError(
    'operation_timeout',
    `${method} ${path} did not finish within the operation timeout${said}`,
    last?.facts,
  );
}

function contentOf<T>(reply: Reply, exchange: Exchange, way: Way, date: number): T {
  if (reply.status < 200 || reply.status >= 300) throw problemOf(reply, exchange, way, date);
  if (reply.status === 204 || reply.data === '') return undefined as T;
  try {
    return JSON.parse(reply.data as string) as T;
  } catch {
    throw invalidReply(reply, exchange, way, 'something that is not JSON');
  }
}

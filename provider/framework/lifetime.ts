import { type CallContext, CallEnded, type Ending } from './call';

export interface CallOptions {
  /** The caller's: aborted when it waits no more. @default never */
  readonly signal?: AbortSignal | undefined;
  /** How long the operation may take, in milliseconds. @default for ever */
  readonly limitMs?: number | undefined;
  /** For what cleans up after an interrupt. @default false */
  readonly evenIfStopped?: boolean | undefined;
}

/** What `Session.close` may wait for before it settles. */
export interface InFlight {
  /**
   * Waits until every call has been answered, and at most so long. From then
   * on no change that ends is told to Terraform as done: it is answered with
   * an error, because the settlement that now begins does not name it.
   */
  idle(limitMs: number): Promise<void>;
}

/**
 * From one Configure of the provider to the next, or to its Shutdown: the
 * calls that run, and whether they may go on. Terraform configures a process
 * once; one that it is reattached to, again for each command.
 */
export class Lifetime implements InFlight {
  /** Each ends one call. */
  private readonly running = new Set<(ending: Ending) => void>();
  private waiting: (() => void)[] = [];
  private interrupted = false;
  private settling = false;

  /** Terraform was interrupted. */
  get stopped(): boolean {
    return this.interrupted;
  }

  /** What a change did can no longer be told: whatever was not told until now is settled as not taken over. */
  get settled(): boolean {
    return this.settling;
  }

  /** Runs one call. */
  async run<T>(work: (call: CallContext) => Promise<T>, options: CallOptions = {}): Promise<T> {
    const call = this.begin(options);
    try {
      return await work(call);
    } finally {
      call.done();
    }
  }

  /** Begins a call, which is in flight until `done`. */
  begin({ signal, limitMs, evenIfStopped }: CallOptions): CallContext & { done(): void } {
    const reading = new AbortController();
    const writing = new AbortController();
    const end = (ending: Ending) => {
      if (ending === 'interrupted' && evenIfStopped) return;
      reading.abort(new CallEnded(ending));
      if (ending === 'out_of_time') writing.abort(new CallEnded(ending));
    };
    const timer = limitMs === undefined ? undefined : setTimeout(() => end('out_of_time'), limitMs).unref();
    const abandon = () => end('abandoned');
    signal?.addEventListener('abort', abandon);
    this.running.add(end);
    if (signal?.aborted) abandon();
    if (this.interrupted) end('interrupted');
    return {
      signal: reading.signal,
      writeSignal: writing.signal,
      deadline: performance.now() + (limitMs ?? Number.POSITIVE_INFINITY),
      done: () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', abandon);
        this.running.delete(end);
        if (this.running.size === 0) for (const resolve of this.waiting.splice(0)) resolve();
      },
    };
  }

  /** Ends reads and waits; a running attempt of a write finishes. */
  stop(): void {
    this.interrupted = true;
    for (const end of this.running) end('interrupted');
  }

  async idle(limitMs: number): Promise<void> {
    if (this.running.size > 0) {
      let timer: NodeJS.Timeout | undefined;
      const limit = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, limitMs);
      });
      const done = new Promise<void>((resolve) => {
        this.waiting.push(resolve);
      });
      await Promise.race([limit, done]);
      clearTimeout(timer);
    }
    this.settling = true;
  }
}

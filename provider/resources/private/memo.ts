interface Entry<T> {
  readonly value: Promise<T>;
  /** When the question was asked, or when it failed. */
  since: number;
  failed: boolean;
}

export interface MemoOptions {
  /** How long an answer counts, from the question on, in milliseconds. */
  readonly keepMs: number;
  /** How long a failure counts, in milliseconds. */
  readonly keepFailureMs: number;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
  /** A failure that says nothing to other askers: whoever asked went away. @default none */
  readonly isOnlyTheAskers?: ((error: unknown) => boolean) | undefined;
}

/**
 * Remembers answers for a while. Concurrent askers share one question. A
 * failure is remembered briefly too: with the service down, a refresh of a
 * thousand resources should not wait a thousand times.
 */
export class Memo<T> {
  private readonly entries = new Map<string, Entry<T>>();

  constructor(private readonly options: MemoOptions) {}

  get(key: string, ask: () => Promise<T>): Promise<T> {
    const known = this.entries.get(key);
    if (known && !this.isOld(known)) return known.value;
    const entry: Entry<T> = { value: ask(), since: this.options.now(), failed: false };
    entry.value.catch((error: unknown) => {
      entry.failed = true;
      entry.since = this.options.now();
      if (this.options.isOnlyTheAskers?.(error) && this.entries.get(key) === entry) this.entries.delete(key);
    });
    this.entries.set(key, entry);
    return entry.value;
  }

  forget(key: string): void {
    this.entries.delete(key);
  }

  private isOld({ since, failed }: Entry<T>): boolean {
    const { keepMs, keepFailureMs, now } = this.options;
    return now() - since > (failed ? keepFailureMs : keepMs);
  }
}

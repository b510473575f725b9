/** Counts of the last moments by key: of requests, of failures. */
export interface FixedWindow {
  /** Counts one. The milliseconds until the key's window ends if it is over the limit now, otherwise 0. */
  count(key: string): number;
  /** As `count`, of one more that is not counted. */
  wait(key: string): number;
  /** Windows that it holds in memory. */
  readonly size: number;
}

/**
 * Windows all last equally long and each is put at the end of the map when it
 * begins, so the first of the map ends first: those that are over are found
 * without a search, and only living ones take memory.
 *
 * @param monotonic milliseconds; a clock that is set back would keep a window for as long as that
 */
export function fixedWindow(options: {
  monotonic: () => number;
  /** How many a key may have within a window. */
  limit: number;
  windowMs: number;
}): FixedWindow {
  const { monotonic, limit, windowMs } = options;
  const windows = new Map<string, { readonly endsAt: number; count: number }>();

  function forget(now: number): void {
    for (const [key, { endsAt }] of windows) {
      if (now < endsAt) {
        return;
      }
      windows.delete(key);
    }
  }

  return {
    count(key) {
      const now = monotonic();
      forget(now);
      let window = windows.get(key);
      if (!window) {
        window = { endsAt: now + windowMs, count: 0 };
        windows.set(key, window);
      }
      window.count++;
      return window.count > limit ? window.endsAt - now : 0;
    },

    wait(key) {
      const now = monotonic();
      forget(now);
      const window = windows.get(key);
      return window && window.count >= limit ? window.endsAt - now : 0;
    },

    get size() {
      return windows.size;
    },
  };
}

/** The calls that the service makes of a vault, and how long it waits for them. */

import type { Call } from '../vault/call';
import type { Clock } from '../world/clock';
import { randomId } from '../world/random-id';
import { after } from '../world/timers';

export interface Calls {
  /** A look: what has not begun in time is `vault_busy`. */
  read(caller: { readonly runId?: string | undefined }): Call;
  /** A change, or what settles one: it takes as long as it takes. */
  of(caller: { readonly runId?: string | undefined }, change: Pick<Call, 'operationId' | 'note'>): Call;
  /** By the service itself. */
  own(runId?: string): Call;
  /** Undefined when nobody waits any longer; the work goes on. */
  patiently<T>(work: Promise<T>): Promise<T | undefined>;
  /** Ends all waiting. */
  close(): void;
}

/** @param options.patienceMs how long whoever asks waits for a vault at most */
export function createCalls({ clock, patienceMs }: { clock: Clock; patienceMs: number }): Calls {
  const end = new AbortController();
  const { signal } = end;
  const note = async () => {
    throw new TypeError('Only a change keeps notes');
  };
  return {
    read: ({ runId }) => ({
      operationId: randomId(),
      runId,
      signal,
      deadline: clock.monotonic() + patienceMs,
      note,
    }),
    of: ({ runId }, change) => ({ ...change, runId, signal }),
    // What it changes is said by rows that stay until it is done.
    own: (runId) => ({ operationId: randomId(), runId, signal, note: async () => undefined }),
    async patiently(work) {
      let end = () => {};
      const over = new Promise<undefined>((resolve) => {
        end = after(patienceMs, () => resolve(undefined));
      });
      try {
        return await Promise.race([work, over]);
      } finally {
        end();
      }
    },
    close: () => end.abort(),
  };
}

/** Why a call was ended before it was done. */
export type Ending = 'interrupted' | 'abandoned' | 'out_of_time';

/** The reason of every signal of a call. */
export class CallEnded extends Error {
  override readonly name = 'CallEnded';

  constructor(readonly ending: Ending) {
    super(`the call was ended: ${ending}`);
  }
}

/**
 * What a resource's function knows of the call of Terraform's that it serves;
 * handed on to whatever it waits for.
 */
export interface CallContext {
  /**
   * Ends reads at once, and all waiting between attempts: the user interrupted
   * Terraform, nobody waits for the answer any more, or the operation's time
   * is up. A new attempt of a write is not begun either.
   */
  readonly signal: AbortSignal;
  /**
   * Ends the running attempt of a write: the operation's time is up. An
   * interrupt lets it finish, since what it does can then be told and kept.
   */
  readonly writeSignal: AbortSignal;
  /** When the operation's time is up, in milliseconds of `performance.now()`; infinite without a limit. */
  readonly deadline: number;
}

/** Of a caller that never ends a call, such as a test. */
export const UNENDING: CallContext = {
  signal: new AbortController().signal,
  writeSignal: new AbortController().signal,
  deadline: Number.POSITIVE_INFINITY,
};

/** Why the call ended, if it did. */
export function endingOf({ signal }: CallContext): Ending | undefined {
  if (!signal.aborted) return undefined;
  return signal.reason instanceof CallEnded ? signal.reason.ending : 'abandoned';
}

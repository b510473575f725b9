/** Signals that ask a command to end. */
import { constants } from 'node:os';

export const ENDING_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
export type EndingSignal = (typeof ENDING_SIGNALS)[number];

/** The exit code of a shell for what a signal ended. */
export function signalExitCode(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal];
}

/** Calls `listener` for each of these signals until the returned function is called. */
export function onEndingSignal(
  listener: (signal: EndingSignal) => void,
  signals: readonly EndingSignal[] = ENDING_SIGNALS,
): () => void {
  const listeners = signals.map((signal) => [signal, () => listener(signal)] as const);
  for (const [signal, call] of listeners) process.on(signal, call);
  return () => {
    for (const [signal, call] of listeners) process.off(signal, call);
  };
}

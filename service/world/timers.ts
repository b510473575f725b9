/** What waits for time to pass. No timer keeps the process alive that has ended otherwise. */

import { setTimeout as delay } from 'node:timers/promises';

export { setImmediate as turn } from 'node:timers/promises';

/** @returns what ends it; harmless when its time has come */
export function after(milliseconds: number, work: () => void): () => void {
  const timer = setTimeout(work, milliseconds).unref();
  return () => clearTimeout(timer);
}

/** @returns what ends it */
export function every(milliseconds: number, work: () => void): () => void {
  const timer = setInterval(work, milliseconds).unref();
  return () => clearInterval(timer);
}

/** As `turn`, and with `work` in the same turn. */
export function nextTurn(work: () => void): void {
  setImmediate(work);
}

/** @throws AbortError when the signal ends it */
export async function sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
  await delay(milliseconds, undefined, { signal });
}

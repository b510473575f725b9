/** What is done without a caller waits while the vault does not answer: it is asked again a little later. */

import { isKsmError } from '../../contract/errors';
import { OutcomeUnknown } from '../vault/outcome-unknown';
import type { Clock } from '../world/clock';

const REST_MS = 10_000;

/**
 * @param works one after the other; one that the vault holds up keeps no other from being done
 * @returns work that rests for a while what the vault did not answer
 */
export function restfully(clock: Clock, works: readonly (() => Promise<void>)[]): () => Promise<void> {
  const until = works.map(() => Number.NEGATIVE_INFINITY);
  return async () => {
    for (const [index, work] of works.entries()) {
      if (clock.monotonic() < until[index]!) continue;
      try {
        await work();
      } catch (error) {
        if (!isSilent(error)) throw error;
        until[index] = clock.monotonic() + REST_MS;
      }
    }
  };
}

/** The vault's health says so to whoever must know. */
const isSilent = (error: unknown): boolean =>
  error instanceof OutcomeUnknown ||
  isKsmError(error, 'vault_unavailable', 'vault_busy', 'vault_changed', 'operation_in_progress');

/** What is done without a caller waits while the vault does not answer: it is asked again a little later. */

import { isKsmError } from '../../contract/errors';
import { OutcomeUnknown } from '../vault/outcome-unknown';
import type { Clock } from '../world/clock';

const REST_MS = 10_000;

/** @returns work that does nothing for a while after the vault did not answer */
export function restful(clock: Clock, work: () => Promise<void>): () => Promise<void> {
  let until = Number.NEGATIVE_INFINITY;
  return async () => {
    if (clock.monotonic() < until) return;
    try {
      await work();
    } catch (error) {
      if (!isSilent(error)) throw error;
      until = clock.monotonic() + REST_MS;
    }
  };
}

/** The vault's health says so to whoever must know. */
const isSilent = (error: unknown): boolean =>
  error instanceof OutcomeUnknown ||
  isKsmError(error, 'vault_unavailable', 'vault_busy', 'vault_changed', 'operation_in_progress');

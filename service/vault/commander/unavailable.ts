import { KsmError } from '../../../contract/errors';

const RETRY_AFTER_SECONDS = 5;

/** @param what a sentence for the operator, without its full stop */
export function unavailable(what: string): KsmError {
  return new KsmError('vault_unavailable', `${what}.`, { retryAfterSeconds: RETRY_AFTER_SECONDS });
}

export function busy(): KsmError {
  return new KsmError('vault_busy', 'Keeper Commander is busy with other commands. Ask again.', {
    retryAfterSeconds: RETRY_AFTER_SECONDS,
  });
}

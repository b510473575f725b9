/** What is not there is said in the same words by every driver, and of what a caller may not know of. */

import { KsmError } from '../../contract/errors';

/** @param refusal why it is kept from the caller, for the audit event; undefined where there is none */
export function applicationNotFound(id: string, refusal?: string): KsmError {
  return new KsmError(
    'application_not_found',
    `There is no application ${id}. Check the id; it may have been deleted.`,
    { refusal },
  );
}

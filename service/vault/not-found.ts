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

/** @param kind which error it is @param id the client id, gateway UID or secret UID */
export function notFoundIn(kind: 'device' | 'gateway' | 'grant', applicationId: string, id: string): KsmError {
  return kind === 'grant'
    ? new KsmError(
        'grant_not_found',
        `The application ${applicationId} has no grant of ${id}. Check both ids; it may have been removed.`,
      )
    : new KsmError(
        kind === 'device' ? 'device_not_found' : 'gateway_not_found',
        `The application ${applicationId} has no ${kind === 'device' ? 'client device' : 'gateway'} ${id}. Check both ids; it may have been removed.`,
      );
}

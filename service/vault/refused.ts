/** What stands in the way of a change is said in the same words by every driver. */

import { type Dependent, KsmError } from '../../contract/errors';
import { DEPENDENTS_MAX_ITEMS } from '../../contract/limits';
import type { VaultGrant } from './vault';

interface Named {
  readonly id: string;
  readonly name: string;
}

/** @param taken who has the name, maybe in another letter case */
export function applicationExists(taken: Named, wanted: string): KsmError {
  return new KsmError(
    'application_exists',
    `An application named "${taken.name}" exists already (${taken.id}), and names that differ only in upper and lower case count as the same. Choose another name than "${wanted}", or import the one that exists.`,
    { existingId: taken.id },
  );
}

/** What is in an application, by kind. */
export type Counts = Readonly<Record<Dependent['kind'], number>>;

const WORDS: Readonly<Record<Dependent['kind'], string>> = {
  grant: 'grant',
  client_device: 'client device',
  gateway: 'gateway',
};
const KINDS = Object.keys(WORDS) as Dependent['kind'][];

/** @param first of those that are counted, at least as many as an error names */
export function applicationNotEmpty({ id, name }: Named, counts: Counts, first: readonly Dependent[]): KsmError {
  const text = KINDS.filter((kind) => counts[kind] > 0)
    .map((kind) => `${counts[kind]} ${WORDS[kind]}${counts[kind] === 1 ? '' : 's'}`)
    .join(', ');
  return new KsmError(
    'application_not_empty',
    `The application "${name}" (${id}) still has ${text}. Remove them first, or delete it by force with everything under it.`,
    {
      dependents: first.slice(0, DEPENDENTS_MAX_ITEMS),
      dependentsTotal: KINDS.reduce((sum, kind) => sum + counts[kind], 0),
    },
  );
}

export function grantExists({ id, editable, secretUid, applicationId }: VaultGrant, wanted: boolean): KsmError {
  const word = (value: boolean) => (value ? 'editable' : 'read-only');
  return new KsmError(
    'grant_exists',
    `${secretUid} is granted to the application ${applicationId} already, ${word(editable)} where ${word(wanted)} is wanted. Import the grant, then change it.`,
    { existingId: id },
  );
}

export function gatewayNotInitialized(name: string, wanted: string): KsmError {
  return new KsmError(
    'gateway_not_initialized',
    `The gateway "${name}" has not initialised yet and cannot be renamed to "${wanted}". Start it first, or replace it.`,
  );
}

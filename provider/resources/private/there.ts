/** What a snapshot says of one thing that is to be there: it is, it is not, or the vault cannot tell. */
import type { ApplicationPart } from '../../../contract/types';
import { type DiagnosticError, refusal } from '../../framework';
import type { Snapshot } from './snapshot';
import { PART_NOUNS, reasonOf } from './unavailable';

/** For messages. */
interface Named {
  readonly noun: string;
  readonly id: string;
}

/** Refuses to change in place what is not there any more; where the vault cannot tell, the change itself will. */
export function requireThere(snapshot: Snapshot | undefined, part: ApplicationPart, key: string, named: Named): void {
  if (snapshot?.[part].has(key) || snapshot?.unavailable.has(part)) return;
  throw gone(named.noun, named.id);
}

/** What an update of something answers that is not there. */
export function gone(noun: string, id: string): DiagnosticError {
  return refusal(
    `Could not update the ${noun}`,
    `The ${noun} ${id} is not there any more: it was removed outside of Terraform after this plan was made. Nothing was changed. Plan again: it is then planned to be created.`,
  );
}

/** What an import answers that did not find it: null, unless the vault cannot tell. */
export function notThere(snapshot: Snapshot | undefined, part: ApplicationPart, { noun, id }: Named): null {
  if (!snapshot?.unavailable.has(part)) return null;
  throw refusal(
    `Could not import the ${noun}`,
    `Whether ${id} exists is not known: the vault cannot tell the ${PART_NOUNS[part]} at present. ${reasonOf(snapshot)} Import again later.`,
  );
}

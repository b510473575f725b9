import type { ApplicationPart } from '../../../contract/types';
import { type CallContext, type DiagnosticError, type ObjectValue, refusal, stringOf } from '../../framework';
import { nothingFound } from './lookup';
import type { KsmSession } from './session';
import type { Snapshot } from './snapshot';
import { PART_NOUNS, reasonOf } from './unavailable';

/** The application that a data source or a list names, one of whose parts is wanted: without it there is no answer. */
export async function membersOf(
  session: KsmSession,
  config: ObjectValue,
  part: ApplicationPart,
  call: CallContext,
): Promise<Snapshot> {
  const id = stringOf(config, 'application_id');
  const snapshot = await session.snapshot(id, call);
  if (!snapshot) {
    const command = 'ksm-iac application list';
    throw nothingFound({ noun: 'application', attribute: 'application_id', text: id, command });
  }
  return knownPart(snapshot, part);
}

/** What the vault cannot tell at present is unknown, and not "none". */
export function knownPart(snapshot: Snapshot, part: ApplicationPart): Snapshot {
  if (snapshot.unavailable.has(part)) throw unknown(snapshot, part);
  return snapshot;
}

function unknown(snapshot: Snapshot, part: ApplicationPart): DiagnosticError {
  return refusal(
    `The vault cannot tell the ${PART_NOUNS[part]} at present`,
    `The ${PART_NOUNS[part]} of the application ${snapshot.id} are not known. ${reasonOf(snapshot)} Run the command again later.`,
  );
}

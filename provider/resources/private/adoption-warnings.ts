import {
  boolOf,
  type CallContext,
  type Diagnostic,
  knownStringOf,
  type ObjectValue,
  UNKNOWN,
  warningDiagnostic,
} from '../../framework';
import { plannedIn } from './planned-in';
import type { KsmSession } from './session';

/** Says at plan that a grant which is to be created exists already. Only a warning: the apply decides. */
export async function adoptionWarnings(
  session: KsmSession,
  planned: ObjectValue,
  uidAttribute: 'folder_uid' | 'record_uid',
  call: CallContext,
): Promise<Diagnostic[]> {
  const secretUid = knownStringOf(planned, uidAttribute);
  if (secretUid === undefined || planned.editable === UNKNOWN) return [];
  const grant = (await plannedIn(planned, session, call))?.grants.get(secretUid);
  if (!grant) return [];
  const { id } = grant;
  if (grant.editable === boolOf(planned, 'editable')) {
    return [
      warningDiagnostic(
        'The grant exists already and will be adopted',
        `${id} is granted already, with the same permission: by hand, by another configuration, or at an address of this one that was renamed. This declaration takes it over; where another one has it too, that one's deletion will leave it alone. If the address was renamed, a "moved" block keeps the resource as it is.`,
        [uidAttribute],
      ),
    ];
  }
  const word = (editable: boolean) => (editable ? 'editable' : 'read-only');
  return [
    warningDiagnostic(
      'The grant exists already, with another permission',
      `${id} is granted already, ${word(grant.editable)}, so the apply will fail. Import it, and it is changed in place: terraform import ADDRESS ${id}. If the address was renamed, use a "moved" block.`,
      [uidAttribute],
    ),
  ];
}

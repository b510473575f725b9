import { isKsmError } from '../../../contract/errors';
import type { SecretKind } from '../../../contract/types';
import { type CallContext, type Diagnostic, knownStringOf, type ObjectValue, warningDiagnostic } from '../../framework';
import type { KsmSession } from './session';

const NOUN = { folder: 'shared folder', record: 'record' } as const;
const RESOURCE = { folder: 'ksm_shared_folder_grant', record: 'ksm_record_grant' } as const;

/** Warns at plan about a UID that cannot be granted so. Only a warning: it may exist by the time of the apply. */
export async function secretWarnings(
  session: KsmSession,
  planned: ObjectValue,
  expected: SecretKind,
  attribute: 'folder_uid' | 'record_uid',
  call: CallContext,
): Promise<Diagnostic[]> {
  const uid = knownStringOf(planned, attribute);
  if (uid === undefined) return [];
  try {
    const { kind } = await session.secret(uid, call);
    if (kind === expected) return [];
    return kind === 'unknown' ? [unknownUid(uid, expected, attribute)] : [wrongKind(uid, kind, attribute)];
  } catch (error) {
    return [notChecked(uid, error, attribute)];
  }
}

function unknownUid(uid: string, expected: SecretKind, attribute: string): Diagnostic {
  return warningDiagnostic(
    `There is no such ${NOUN[expected]} as yet`,
    `Nothing that can be granted has the UID ${uid}, or the API token may not see it${expected === 'folder' ? '; of a folder inside a shared folder, grant that one' : ''}. Unless it is there by then, the apply will fail. Check "${attribute}"; "ksm-iac secret list" lists what exists.`,
    [attribute],
  );
}

function wrongKind(uid: string, kind: SecretKind, attribute: string): Diagnostic {
  return warningDiagnostic(
    'The UID is of another kind',
    `${uid} is a ${NOUN[kind]}, so the apply will fail. Grant it with ${RESOURCE[kind]}.`,
    [attribute],
  );
}

function notChecked(uid: string, error: unknown, attribute: string): Diagnostic {
  return warningDiagnostic(
    'The UID was not checked',
    `Whether ${uid} exists could not be found out: ${isKsmError(error) ? error.detail : 'the service does not fit this provider.'} The apply will need the service.`,
    [attribute],
  );
}

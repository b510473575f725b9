import { CLIENT_ID_PATTERN, UID_PATTERN } from '../../../contract/limits';
import { refusal, shown } from '../../framework';

const UID = new RegExp(UID_PATTERN);
const CLIENT_ID = new RegExp(CLIENT_ID_PATTERN);

export const isUid = (text: string) => UID.test(text);
export const isClientId = (text: string) => CLIENT_ID.test(text);

/** The two halves of `<application>/<part>`, or a refusal that says what is expected. */
export function splitImportId(
  id: string,
  expected: string,
  isPart: (text: string) => boolean,
): { applicationId: string; part: string } {
  const slash = id.indexOf('/');
  const applicationId = id.slice(0, Math.max(slash, 0));
  const part = id.slice(slash + 1);
  if (isUid(applicationId) && isPart(part)) return { applicationId, part };
  throw malformedImportId(id, expected);
}

export function malformedImportId(id: string, expected: string) {
  return refusal('The import id is malformed', `Expected ${expected}, got ${shown(id)}.`);
}

import { type CallContext, knownStringOf, type ObjectValue } from '../../framework';
import type { KsmSession } from './session';
import type { Snapshot } from './snapshot';

/**
 * The application in which something is planned, for what can be warned about; undefined: not known yet. What cannot be
 * read is no reason to warn, and none to refuse a creation: that needs the service anyway, and says what is wrong.
 */
export async function plannedIn(
  planned: ObjectValue,
  session: KsmSession,
  call: CallContext,
): Promise<Snapshot | undefined> {
  const applicationId = knownStringOf(planned, 'application_id');
  return applicationId === undefined ? undefined : session.snapshot(applicationId, call).catch(() => undefined);
}

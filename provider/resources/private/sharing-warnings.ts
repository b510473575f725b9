import { type CallContext, type Diagnostic, type ObjectValue, warningDiagnostic } from '../../framework';
import { plannedIn } from './planned-in';
import type { KsmSession } from './session';

/** Says at plan who else gets what is to be granted: Keeper shares it with everybody who shares the application. */
export async function sharingWarnings(
  session: KsmSession,
  planned: ObjectValue,
  call: CallContext,
): Promise<Diagnostic[]> {
  const snapshot = await plannedIn(planned, session, call);
  if (!snapshot || snapshot.sharedWithUsers === 0) return [];
  const { name, sharedWithUsers: users } = snapshot;
  return [
    warningDiagnostic(
      'The grant reaches people too',
      `The application "${name}" is shared with ${users} other ${users === 1 ? 'user' : 'users'} of Keeper. A record or shared folder that is granted to it is shared with them as well, a folder with its default permissions; nested shared folders are not. Taking the grant back takes nothing back from them. If they are not to have it, stop sharing the application first (secrets-manager app unshare).`,
      ['application_id'],
    ),
  ];
}

import { type CallContext, type Diagnostic, knownStringOf, type ObjectValue, warningDiagnostic } from '../../framework';
import { plannedIn } from './planned-in';
import type { KsmSession } from './session';

/**
 * Warns at plan about a gateway that can do nothing, as far as it can be known then: a grant that it depends on is
 * planned before it, in the same process.
 */
export async function warnAtPlan(
  planned: ObjectValue,
  session: KsmSession | undefined,
  call: CallContext,
): Promise<readonly Diagnostic[]> {
  const applicationId = knownStringOf(planned, 'application_id');
  if (!session || applicationId === undefined || session.willHaveEditableGrant(applicationId)) return [];
  const warnings = await withoutEditableGrant(planned, session, call);
  // The same plan again gives the same warning; the creation that follows in this process need not repeat it.
  for (const warning of warnings) session.once(aboutGateway(planned), () => warning);
  return warnings;
}

/** Warns where it is made: whatever it depends on has been made by then. */
export async function warnAtCreation(
  planned: ObjectValue,
  session: KsmSession,
  call: CallContext,
): Promise<readonly Diagnostic[]> {
  const [warning] = await withoutEditableGrant(planned, session, call);
  return warning ? session.once(aboutGateway(planned), () => warning) : [];
}

async function withoutEditableGrant(
  gateway: ObjectValue,
  session: KsmSession,
  call: CallContext,
): Promise<readonly Diagnostic[]> {
  const snapshot = await plannedIn(gateway, session, call);
  if (!snapshot || snapshot.unavailable.has('grants')) return [];
  if ([...snapshot.grants.values()].some(({ editable }) => editable)) return [];
  return [
    warningDiagnostic(
      'The gateway has nothing that it may change',
      `The application ${snapshot.id} has no editable grant as yet, and without one a gateway can neither rotate nor discover anything. Grant the shared folder of its resources with ksm_shared_folder_grant and editable = true; if this configuration does so already, let the gateway come after it with depends_on.`,
      ['application_id'],
    ),
  ];
}

const aboutGateway = ({ application_id, name }: ObjectValue) =>
  `no editable grant: ${JSON.stringify([application_id, typeof name === 'string' ? name : null])}`;

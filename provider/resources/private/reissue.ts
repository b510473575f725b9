/**
 * Whether a credential that has ended is renewed. What has ended is what the
 * service said at the last refresh, in private state; no clock of this
 * machine is asked.
 */
import type { Diagnostic, ObjectValue, PlanChanges, PlanRequest } from '../../framework';
import { refusal, UNKNOWN, warningDiagnostic } from '../../framework';
import { plannedCredential, refuseUnsupported } from './credential';
import type { Kept } from './kept';
import type { KsmSession } from './session';

type Ended = NonNullable<Kept['lapsed']>;

/** The attribute that shows until when it was: the replacement is planned on it. */
const CAUSE = { token: 'token_expires_at', access: 'access_expires_at' } as const satisfies Record<Ended, string>;

/** What a client device and a gateway plan beyond their attributes' own rules. */
export async function planClient(
  { prior, planned, creates, private: kept, session, call }: PlanRequest<KsmSession, Kept>,
  noun: string,
): Promise<PlanChanges<Kept>> {
  const ended = prior && !creates ? endedToRenew(planned, kept, noun) : undefined;
  if (creates || ended) await refuseUnsupported(planned, session, call);
  if (!prior) return { planned: plannedCredential(planned) };
  if (!ended) return {};
  const cause = CAUSE[ended];
  return { planned: { [cause]: UNKNOWN }, requiresReplace: [[cause]], warnings: [reissued(ended, noun, prior)] };
}

function endedToRenew({ reissue }: ObjectValue, kept: Kept | undefined, noun: string): Ended | undefined {
  const lapsed = kept?.lapsed;
  if (!lapsed) return undefined;
  if (reissue === UNKNOWN) throw undecided(lapsed, noun);
  // Access that was given an end is renewed by nothing but an explicit "expired": also where its token was never used.
  const renews = reissue === 'expired' || (reissue === 'unredeemed' && lapsed === 'token');
  return renews ? lapsed : undefined;
}

function reissued(ended: Ended, noun: string, { token_expires_at, access_expires_at }: ObjectValue): Diagnostic {
  const until = (time: ObjectValue[string] | undefined) => (typeof time === 'string' ? ` at ${time}` : '');
  return ended === 'token'
    ? warningDiagnostic(
        `The one-time token of the ${noun} lapsed, and a new one is issued`,
        `The token ended${until(token_expires_at)} and nobody had redeemed it by then, so the ${noun} is replaced. Hand the new token out in the same apply, or give it a longer token_expires_in_minutes. With reissue = "never" it is left as it is.`,
        [CAUSE.token],
      )
    : warningDiagnostic(
        `The access of the ${noun} has ended and is renewed`,
        `It ended${until(access_expires_at)}, and reissue is "expired", so the ${noun} is replaced and begins anew. With reissue = "unredeemed" (the default) or "never" an end is an end.`,
        [CAUSE.access],
      );
}

/** Terraform would hold it against the provider if the apply then replaced what the plan did not. */
function undecided(ended: Ended, noun: string) {
  return refusal(
    '"reissue" must be known at plan',
    `The ${ended === 'token' ? 'one-time token' : 'access'} of this ${noun} has ended, and whether it is renewed depends on "reissue", which is known only after apply. Apply what it comes from first, for instance with -target; or set it to a fixed value.`,
    ['reissue'],
  );
}

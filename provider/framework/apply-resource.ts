import { stringOf } from './access';
import { type DiagnosticError, refusal } from './diagnostic';
import { explainFailure, failedCall, sessionOf } from './failure';
import { identityOf } from './identity';
import { idIn, inCall, type Known, nameIn } from './known';
import { withoutWriteOnly } from './plan-attributes';
import { decodePrivate, encodePrivate } from './private-state';
import type { Session } from './provider';
import type { Applied, InCall, Noted, ResourceDefinition } from './resource';
import type { ApplyResourceRequest, StateOutcome } from './server';
import type { ServerState } from './server-state';

export function applyResource<S extends Session>(
  server: ServerState<S>,
  { definition: resource, subject }: Known<ResourceDefinition<S>>,
  request: ApplyResourceRequest,
): Promise<StateOutcome> {
  const { prior, planned, private: bytes } = request;
  const action = !planned ? 'delete' : prior ? 'update' : 'create';
  // A Configure in mid-call is another life of the process; this call belongs to the one that it began in.
  const { lifetime } = server;
  return inCall(server, request, async (call) => {
    try {
      const session = sessionOf(server);
      if (action === 'create' && lifetime.stopped) throw stopped(subject.noun);
      const { own } = decodePrivate(resource, subject, bytes);
      const outcome = await change(resource, request, { session, call, private: own });
      if (lifetime.settled) throw settled(subject.noun);
      if (outcome && 'state' in outcome) session.wasApplied(stringOf(outcome.state, 'id'));
      else if (prior) session.wasDeleted(stringOf(prior, 'id'));
      const state = outcome && 'state' in outcome ? withoutWriteOnly(resource.schema, outcome.state) : null;
      return {
        state,
        // Whatever was applied is no longer as imported.
        private: encodePrivate({ own: ownOf(outcome, own) }),
        identity: identityOf(resource.identity, state),
        diagnostics: outcome?.warnings ?? [],
      };
    } catch (error) {
      // What was there before is there still: Terraform keeps it, and plans the change again.
      const failed = failedCall({ action, subject, id: idIn(prior), name: nameIn(planned ?? prior) }, call);
      const diagnostics = explainFailure(server, error, failed);
      return { state: prior, private: bytes, identity: identityOf(resource.identity, prior), diagnostics };
    }
  });
}

async function change<S>(
  resource: ResourceDefinition<S>,
  { prior, planned, config }: ApplyResourceRequest,
  context: InCall<S> & { readonly private: unknown },
): Promise<Applied<unknown> | Noted | undefined> {
  if (!planned) return (prior && (await resource.delete({ ...context, state: prior }))) || undefined;
  const request = { ...context, planned, config: config ?? planned };
  return prior ? resource.update({ ...request, prior }) : resource.create(request);
}

function ownOf(outcome: Applied<unknown> | Noted | undefined, before: unknown): unknown {
  if (!outcome || !('state' in outcome)) return undefined;
  return outcome.private ?? before;
}

function stopped(noun: string): DiagnosticError {
  return refusal(
    `The ${noun} was not created`,
    `Terraform was interrupted, and the provider was stopped before it was created. Nothing was made; apply again.`,
  );
}

function settled(noun: string): DiagnosticError {
  return refusal(
    'The run was settled',
    `The change of this ${noun} ended only after Terraform had ended the provider, which had told the service by then what is kept. What was made after that is revoked; apply again.`,
  );
}

import { stringOf } from './access';
import { refusal } from './diagnostic';
import { explainFailure, sessionOf } from './failure';
import { encodePrivate } from './private-state';
import type { FailedCall, Session } from './provider';
import type { ResourceDefinition } from './resource';
import type { ApplyResourceRequest, StateOutcome } from './server';
import type { ServerState } from './server-state';
import type { ObjectValue } from './value';

/** Whatever was applied is no longer as imported. */
const APPLIED = encodePrivate({ imported: false });

export async function applyResource<S extends Session>(
  server: ServerState<S>,
  resource: ResourceDefinition<S>,
  { prior, planned, private: bytes }: ApplyResourceRequest,
): Promise<StateOutcome> {
  const action: FailedCall<S>['action'] = !planned ? 'delete' : prior ? 'update' : 'create';
  try {
    const session = sessionOf(server);
    if (!planned) {
      if (prior) await remove(resource, session, prior);
      return { state: null, private: APPLIED, diagnostics: [] };
    }
    if (!prior && server.stopped) throw stopped(resource.noun);
    const state = prior
      ? await resource.update({ prior, planned, session })
      : await resource.create({ planned, session });
    session.wasApplied(stringOf(state, 'id'));
    return { state, private: APPLIED, diagnostics: [] };
  } catch (error) {
    // What was there before is there still: Terraform keeps it, and plans the change again.
    return { state: prior, private: bytes, diagnostics: explainFailure(server, error, { action, resource }) };
  }
}

async function remove<S extends Session>(
  resource: ResourceDefinition<S>,
  session: S,
  state: ObjectValue,
): Promise<void> {
  await resource.delete({ state, session });
  session.wasDeleted(stringOf(state, 'id'));
}

function stopped(noun: string) {
  return refusal(
    `The ${noun} was not created`,
    `Terraform was interrupted, and the provider was stopped before it was created. Nothing was made; apply again.`,
  );
}

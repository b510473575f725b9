import { stringOf } from './access';
import { warningDiagnostic } from './diagnostic';
import { explainFailure, sessionOf } from './failure';
import type { Session } from './provider';
import type { ResourceDefinition } from './resource';
import type { ReadResourceRequest, StateOutcome } from './server';
import type { ServerState } from './server-state';

export async function readResource<S extends Session>(
  server: ServerState<S>,
  resource: ResourceDefinition<S>,
  request: ReadResourceRequest,
): Promise<StateOutcome> {
  const unchanged = { state: request.state, private: request.private };
  if (server.configured.kind === 'unknown') {
    const first = !server.warnedUnknown;
    server.warnedUnknown = true;
    return { ...unchanged, diagnostics: first ? [NOT_REFRESHED] : [] };
  }
  try {
    const session = sessionOf(server);
    const id = stringOf(request.state, 'id');
    const state = await resource.read({ state: request.state, session });
    if (state) session.wasRead(id);
    else session.wasMissing(id);
    return { state, private: request.private, diagnostics: [] };
  } catch (error) {
    return { ...unchanged, diagnostics: explainFailure(server, error, { action: 'read', resource }) };
  }
}

const NOT_REFRESHED = warningDiagnostic(
  'Resources were not refreshed',
  'The configuration of the provider has values that are known only after apply, so the service cannot be asked yet. The plan is made from the state as it was last saved.',
);

import { explainFailure, failedCall, sessionOf } from './failure';
import { identityOf } from './identity';
import { type Known, optionsOf } from './known';
import type { ListedItem, ListResourceDefinition } from './list-resource';
import type { Session } from './provider';
import type { ResourceDefinition } from './resource';
import type { ListEvent, ListResourcesRequest } from './server';
import type { ServerState } from './server-state';

/** What exists, one by one. A failure ends it, as an event that says so. */
export async function* listResources<S extends Session>(
  server: ServerState<S>,
  { definition, subject }: Known<ListResourceDefinition<S>>,
  { definition: resource }: Known<ResourceDefinition<S>>,
  request: ListResourcesRequest,
): AsyncGenerator<ListEvent> {
  const limit = request.limit > 0 ? request.limit : Number.POSITIVE_INFINITY;
  const event = ({ displayName, state, warnings = [] }: ListedItem): ListEvent => ({
    displayName,
    identity: identityOf(resource.identity, state),
    state: request.includeState ? state : null,
    diagnostics: warnings,
  });
  const call = server.lifetime.begin(optionsOf(server, request));
  try {
    const session = sessionOf(server);
    let found = 0;
    for await (const item of definition.list({ config: request.config, limit, session, call })) {
      yield event(item);
      if (++found >= limit) return;
    }
  } catch (error) {
    const diagnostics = explainFailure(server, error, failedCall({ action: 'list', subject }, call));
    yield { displayName: '', identity: null, state: null, diagnostics };
  } finally {
    call.done();
  }
}

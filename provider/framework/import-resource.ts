import { errorDiagnostic } from './diagnostic';
import { explainFailure, failedCall, sessionOf } from './failure';
import { identityOf, lackingParts } from './identity';
import { deferred, inCall, type Known } from './known';
import { encodePrivate } from './private-state';
import type { Session } from './provider';
import type { ResourceDefinition } from './resource';
import type { ImportOutcome, ImportResourceRequest } from './server';
import type { ServerState } from './server-state';
import { shown } from './shown';

export function importResource<S extends Session>(
  server: ServerState<S>,
  { definition: resource, subject }: Known<ResourceDefinition<S>>,
  request: ImportResourceRequest,
): Promise<ImportOutcome> {
  const { typeName } = request;
  return inCall(server, request, async (call) => {
    if (deferred(server, request)) return { resources: [], deferred: true, diagnostics: [] };
    try {
      const { identity } = resource;
      const lacking = identity && request.identity ? lackingParts(identity, request.identity) : [];
      if (lacking.length > 0) {
        const lacks = errorDiagnostic(
          `The identity of the ${resource.noun} is not complete`,
          `It has no ${lacking.map((name) => JSON.stringify(name)).join(' and no ')}. Write ${Object.keys(identity!.attributes).join(', ')} in the block "identity", or an "id".`,
        );
        return { resources: [], diagnostics: [lacks] };
      }
      const id = identity && request.identity ? identity.importId(request.identity) : request.id;
      const session = sessionOf(server);
      const found = await resource.import({ id, session, call });
      if (!found) {
        const missing = errorDiagnostic(
          `There is no such ${resource.noun}`,
          `Nothing of the id ${shown(id)} exists in this vault, or the API token may not see it. Check the id.`,
        );
        return { resources: [], diagnostics: [missing] };
      }
      const { state, private: own, warnings = [] } = found;
      const imported = {
        typeName,
        state,
        private: encodePrivate({ imported: { by: session.runId }, own }),
        identity: identityOf(identity, state),
      };
      return { resources: [imported], diagnostics: warnings };
    } catch (error) {
      const failed = failedCall({ action: 'import', subject }, call);
      return { resources: [], diagnostics: explainFailure(server, error, failed) };
    }
  });
}

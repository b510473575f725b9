import { stringOf } from './access';
import { warningDiagnostic } from './diagnostic';
import { explainFailure, failedCall, sessionOf } from './failure';
import { identityOf } from './identity';
import { deferred, idIn, inCall, type Known, nameIn } from './known';
import { withoutWriteOnly } from './plan-attributes';
import { afterRead, decodePrivate, encodePrivate } from './private-state';
import type { Session } from './provider';
import type { ResourceDefinition } from './resource';
import type { ReadResourceRequest, StateOutcome } from './server';
import type { ServerState } from './server-state';

export function readResource<S extends Session>(
  server: ServerState<S>,
  { definition: resource, subject }: Known<ResourceDefinition<S>>,
  request: ReadResourceRequest,
): Promise<StateOutcome> {
  const { state: before, private: bytes } = request;
  const unchanged = { state: before, private: bytes, identity: identityOf(resource.identity, before) };
  return inCall(server, request, async (call) => {
    if (deferred(server, request)) return { ...unchanged, deferred: true, diagnostics: [] };
    if (server.configured.kind === 'unknown') {
      const first = !server.warnedUnknown;
      server.warnedUnknown = true;
      return { ...unchanged, diagnostics: first ? [NOT_REFRESHED] : [] };
    }
    try {
      const session = sessionOf(server);
      const id = stringOf(before, 'id');
      const { imported, own } = decodePrivate(resource, subject, bytes);
      const found = await resource.read({ state: before, private: own, session, call });
      if (!found?.state) {
        session.wasMissing(id);
        return { state: null, private: bytes, diagnostics: found?.warnings ?? [] };
      }
      // What this very run imported is in no state as yet.
      if (imported?.by !== session.runId) session.wasRead(id);
      const state = withoutWriteOnly(resource.schema, found.state);
      return {
        state,
        private: encodePrivate({ imported: afterRead(imported, session.runId), own: found.private ?? own }),
        identity: identityOf(resource.identity, state),
        diagnostics: found.warnings ?? [],
      };
    } catch (error) {
      const failed = failedCall({ action: 'read', subject, id: idIn(before), name: nameIn(before) }, call);
      return { ...unchanged, diagnostics: explainFailure(server, error, failed) };
    }
  });
}

const NOT_REFRESHED = warningDiagnostic(
  'Resources were not refreshed',
  'The configuration of the provider has values that are known only after apply, so the service cannot be asked yet. The plan is made from the state as it was last saved.',
);

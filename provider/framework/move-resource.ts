import { errorDiagnostic } from './diagnostic';
import { explainFailure, failedCall } from './failure';
import { identityOf } from './identity';
import { inCall, type Known } from './known';
import { withoutWriteOnly } from './plan-attributes';
import { encodePrivate } from './private-state';
import type { Session } from './provider';
import type { ResourceDefinition, StoredObject } from './resource';
import type { MoveResourceRequest, StateOutcome } from './server';
import type { ServerState } from './server-state';

/** `moved` from another type or provider. What is taken over was never applied by us: it is as imported. */
export async function moveResource<S extends Session>(
  server: ServerState<S>,
  { definition: resource, subject }: Known<ResourceDefinition<S>>,
  { sourceState, ...request }: MoveResourceRequest,
): Promise<StateOutcome> {
  const nothing = { state: null, private: new Uint8Array(0) };
  const { configured } = server;
  const session = configured.kind === 'ready' ? configured.session : undefined;
  return inCall(server, request, async (call) => {
    try {
      const isObject = typeof sourceState === 'object' && sourceState !== null && !Array.isArray(sourceState);
      const source = { ...request, sourceState: sourceState as StoredObject, session, call };
      const moved = isObject && (await resource.move?.(source));
      if (!moved) return { ...nothing, diagnostics: [notMovable(request)] };
      const state = withoutWriteOnly(resource.schema, moved.state);
      return {
        state,
        private: encodePrivate({ imported: { by: '' }, own: moved.private }),
        identity: identityOf(resource.identity, state),
        diagnostics: moved.warnings ?? [],
      };
    } catch (error) {
      const failed = failedCall({ action: 'move', subject }, call);
      return { ...nothing, diagnostics: explainFailure(server, error, failed) };
    }
  });
}

function notMovable({ sourceTypeName, typeName }: Omit<MoveResourceRequest, 'sourceState'>) {
  return errorDiagnostic(
    'Cannot move between resource types',
    `A "${sourceTypeName}" cannot become a "${typeName}". Remove the "moved" block; import what exists, and take the old resource out of the state with a "removed" block.`,
  );
}

import { errorDiagnostic } from './diagnostic';
import { explainFailure } from './failure';
import { identityOf } from './identity';
import type { Known } from './known';
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
  try {
    const isObject = typeof sourceState === 'object' && sourceState !== null && !Array.isArray(sourceState);
    const moved = isObject && (await resource.move?.({ ...request, sourceState: sourceState as StoredObject }));
    if (!moved) return { ...nothing, diagnostics: [notMovable(request)] };
    const state = withoutWriteOnly(resource.schema, moved.state);
    return {
      state,
      private: encodePrivate({ imported: { by: '' }, own: moved.private }),
      identity: identityOf(resource.identity, state),
      diagnostics: moved.warnings ?? [],
    };
  } catch (error) {
    return { ...nothing, diagnostics: explainFailure(server, error, { action: 'move', subject }) };
  }
}

function notMovable({ sourceTypeName, typeName }: Omit<MoveResourceRequest, 'sourceState'>) {
  return errorDiagnostic(
    'Cannot move between resource types',
    `A "${sourceTypeName}" cannot become a "${typeName}". Remove the "moved" block; import what exists, and take the old resource out of the state with a "removed" block.`,
  );
}

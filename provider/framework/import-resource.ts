import { errorDiagnostic } from './diagnostic';
import { explainFailure, sessionOf } from './failure';
import { encodePrivate } from './private-state';
import type { Session } from './provider';
import type { ResourceDefinition } from './resource';
import type { ImportOutcome, ImportResourceRequest } from './server';
import type { ServerState } from './server-state';
import { shown } from './validators';

const IMPORTED = encodePrivate({ imported: true });

export async function importResource<S extends Session>(
  server: ServerState<S>,
  resource: ResourceDefinition<S>,
  { typeName, id }: ImportResourceRequest,
): Promise<ImportOutcome> {
  try {
    const state = await resource.import({ id, session: sessionOf(server) });
    if (state) return { resources: [{ typeName, state, private: IMPORTED }], diagnostics: [] };
    const missing = errorDiagnostic(
      `There is no such ${resource.noun}`,
      `Nothing of the id ${shown(id)} exists in this vault, or the API token may not see it. Check the id.`,
    );
    return { resources: [], diagnostics: [missing] };
  } catch (error) {
    return { resources: [], diagnostics: explainFailure(server, error, { action: 'import', resource }) };
  }
}

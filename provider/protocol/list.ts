import { DiagnosticError } from '../framework/diagnostic';
import { schemaOf } from '../framework/known';
import type { ProviderServer } from '../framework/server';
import { diagnosticsToWire } from './diagnostics';
import { objectToWire, presentFromWire } from './dynamic-value';
import type { ListResource_Event, ListResource_Request } from './generated/tfplugin6';
import { identityToWire } from './identity';
import type { Call } from './method';

/** What a list finds, one event each; a refusal is an event too, since a stream has no other place for it. */
export async function* list(
  server: ProviderServer,
  request: ListResource_Request,
  { signal }: Call,
): AsyncGenerator<ListResource_Event> {
  const { typeName, includeResourceObject: includeState, limit } = request;
  try {
    const config = presentFromWire(schemaOf(server, 'list', typeName), request.config, 'config');
    const schema = schemaOf(server, 'managed', typeName);
    for await (const found of server.list({ typeName, config, includeState, limit, signal })) {
      yield {
        displayName: found.displayName,
        identity: identityToWire(server, typeName, found.identity),
        resourceObject: found.state ? objectToWire(schema, found.state) : undefined,
        diagnostic: diagnosticsToWire(found.diagnostics),
      };
    }
  } catch (error) {
    if (!(error instanceof DiagnosticError)) throw error;
    yield { displayName: '', diagnostic: diagnosticsToWire(error.diagnostics) };
  }
}

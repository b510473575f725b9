import type { DataSourceDefinition } from './data-source';
import { explainFailure, failedCall, sessionOf } from './failure';
import { deferred, inCall, type Known } from './known';
import type { Session } from './provider';
import type { Schema } from './schema';
import type { DeferrableOutcome, ReadDataSourceRequest } from './server';
import type { ServerState } from './server-state';
import { type ObjectValue, UNKNOWN } from './value';

export function readDataSource<S extends Session>(
  server: ServerState<S>,
  { definition, subject }: Known<DataSourceDefinition<S>>,
  request: ReadDataSourceRequest,
): Promise<DeferrableOutcome & { readonly state: ObjectValue | null }> {
  const { config } = request;
  return inCall(server, request, async (call) => {
    if (deferred(server, request)) {
      return { state: asConfigured(definition.schema, config), deferred: true, diagnostics: [] };
    }
    try {
      const { state, warnings = [] } = await definition.read({ config, session: sessionOf(server), call });
      return { state: asConfigured(definition.schema, config, state), diagnostics: warnings };
    } catch (error) {
      const failed = failedCall({ action: 'read', subject }, call);
      return { state: null, diagnostics: explainFailure(server, error, failed) };
    }
  });
}

/** What is configured, and for the rest what was found; or unknown, where that could not be looked up. */
export function asConfigured({ attributes }: Schema, config: ObjectValue, found?: ObjectValue): ObjectValue {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, { computed }]) => {
      const configured = config[name] ?? null;
      if (configured !== null || !computed) return [name, configured];
      return [name, found ? (found[name] ?? null) : UNKNOWN];
    }),
  );
}

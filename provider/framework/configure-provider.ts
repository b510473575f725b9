import { hasErrors } from './diagnostic';
import type { Session } from './provider';
import type { ServerState } from './provider-server';
import type { ConfigureRequest, Outcome } from './server';

export function configureProvider<S extends Session>(state: ServerState<S>, request: ConfigureRequest): Outcome {
  const { session, diagnostics } = state.definition.configure(request);
  if (session) state.configured = { kind: 'ready', session };
  else if (!hasErrors(diagnostics)) state.configured = { kind: 'unknown' };
  return { diagnostics };
}

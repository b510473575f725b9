import { hasErrors } from './diagnostic';
import type { Session } from './provider';
import type { ConfigureRequest, Outcome } from './server';
import type { ServerState } from './server-state';

export function configureProvider<S extends Session>(state: ServerState<S>, request: ConfigureRequest): Outcome {
  const { session, diagnostics } = state.definition.configure(request);
  if (session) state.configured = { kind: 'ready', session };
  else if (!hasErrors(diagnostics)) state.configured = { kind: 'unknown' };
  return { diagnostics };
}

import { hasErrors } from './diagnostic';
import { Lifetime } from './lifetime';
import type { Session } from './provider';
import type { ConfigureRequest, Outcome } from './server';
import { closeSession, type ServerState } from './server-state';

/**
 * A process that Terraform is reattached to is configured again for each
 * command: what the last one made is settled then, and nothing of it is left,
 * an interrupt least of all.
 */
export async function configureProvider<S extends Session>(
  state: ServerState<S>,
  request: ConfigureRequest,
): Promise<Outcome> {
  await closeSession(state, false);
  state.lifetime = new Lifetime();
  state.warnedUnknown = false;
  const { session, diagnostics } = state.definition.configure(request);
  if (session) state.configured = { kind: 'ready', session };
  else if (!hasErrors(diagnostics)) state.configured = { kind: 'unknown' };
  return { diagnostics };
}

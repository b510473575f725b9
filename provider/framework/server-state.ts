import { Lifetime } from './lifetime';
import type { Log } from './log';
import type { ProviderDefinition, Session } from './provider';

/** What the calls of one provider process share. */
export interface ServerState<S extends Session> {
  readonly definition: ProviderDefinition<S>;
  readonly log: Log;
  /** `unknown`: configured with values that are known only after apply. */
  configured: Configured<S>;
  lifetime: Lifetime;
  warnedUnknown: boolean;
}

export type Configured<S> =
  | { readonly kind: 'not yet' }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'ready'; readonly session: S };

export function newServerState<S extends Session>(definition: ProviderDefinition<S>, log: Log): ServerState<S> {
  return { definition, log, configured: { kind: 'not yet' }, lifetime: new Lifetime(), warnedUnknown: false };
}

/** Ends the session, if there is one, and forgets it; reads and waits that still run end at once. */
export async function closeSession<S extends Session>(state: ServerState<S>, lost: boolean): Promise<void> {
  const { configured, lifetime } = state;
  state.configured = { kind: 'not yet' };
  lifetime.stop();
  if (configured.kind === 'ready') await configured.session.close({ inFlight: lifetime, lost });
}

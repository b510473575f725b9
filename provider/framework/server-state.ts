import type { Log } from './log';
import type { ProviderDefinition, Session } from './provider';

/** What the calls of one provider process share. */
export interface ServerState<S extends Session> {
  readonly definition: ProviderDefinition<S>;
  readonly log: Log;
  /** `unknown`: configured with values that are known only after apply. */
  configured: { kind: 'not yet' } | { kind: 'unknown' } | { kind: 'ready'; session: S };
  stopped: boolean;
  warnedUnknown: boolean;
}

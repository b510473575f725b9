import type { Clock } from '../../world/clock';
import type { Call } from '../call';
import type { Account } from './account';
import type { CommanderClient } from './client';
import type { CommanderSuspects } from './suspects';
import type { ClientNotes } from './tables';

/** What every noun of the driver works with, within one call. */
export interface Context {
  readonly call: Call;
  readonly client: CommanderClient;
  readonly account: Account;
  readonly notes: ClientNotes;
  readonly suspects: CommanderSuspects;
  readonly clock: Clock;
}

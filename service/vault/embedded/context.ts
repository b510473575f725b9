import type { Database } from '../../store/database';
import type { MasterKey } from '../../store/master-key';
import type { Clock } from '../../world/clock';
import type { VaultKeys } from './keys';

/** What every noun of the driver works with. */
export interface Context {
  readonly database: Database;
  readonly masterKey: MasterKey;
  readonly keys: VaultKeys;
  readonly clock: Clock;
  /** Where devices redeem, `host:port`: known only once the service listens. */
  readonly hostname: () => string;
}

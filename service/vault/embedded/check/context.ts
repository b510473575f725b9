import type { Snapshot } from '../../../store/database';
import type { MasterKey } from '../../../store/master-key';
import type { Check } from '../../check';

/** What every noun's check works with. */
export interface CheckContext {
  readonly db: Snapshot['db'];
  readonly masterKey: MasterKey;
  readonly check: Check;
  /** Keys in clear, by UID, of what was found sound so far. */
  readonly applicationKeys: Map<string, Buffer>;
  readonly folderKeys: Map<string, Buffer>;
  readonly recordKeys: Map<string, Buffer>;
}

/** What changes the vault and the service's own tables without a caller: as one, where the vault can be part of it. */

import type { Database } from '../store/database';
import type { Vault } from '../vault/port';

/**
 * One transaction with the embedded vault. Before a vault that answers over a network nothing is held meanwhile, and
 * the rows that said what was to be done go after it: whatever a crash leaves of them is done again.
 */
export type Whole = <T>(work: () => Promise<T>) => Promise<T>;

export const wholeFor = ({ transactional }: Vault, database: Database): Whole =>
  transactional ? (work) => database.transaction(work) : (work) => work();

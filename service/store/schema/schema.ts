import type { ServiceTables } from './service';
import type { VaultTables } from './vault';

/** Every table. A noun's tables are in its own file, a migration makes them. */
export interface Schema extends VaultTables, ServiceTables {}

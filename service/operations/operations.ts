/**
 * What the service does, one file a noun: authorises, keeps runs, idempotency
 * and audit, and asks the vault port. It knows no HTTP and no driver; it may
 * import contract/, the store and the vault port.
 */

import { UNCLAIMED_CONFIGURATION_HOURS } from '../../contract/limits';
import type { Clock } from '../clock';
import type { Database } from '../store/database';
import type { MasterKey } from '../store/master-key';
import type { Vault } from '../vault/vault';
import { apiTokenOperations } from './api-token';
import { applicationOperations } from './application';
import { auditEventOperations } from './audit-event';
import { sealClearNames } from './audit-name';
import { createAuditTrail } from './audit-trail';
import { clientDeviceOperations } from './client-device';
import { gatewayOperations } from './gateway';
import { grantOperations } from './grant';
import { createHolding } from './holding';
import { createIdempotency } from './idempotency';
import { infoOperations } from './info';
import { livingVault } from './living-vault';
import { orphanOperations } from './orphan';
import { createReaper } from './reaper';
import { redemptionOperations } from './redemption';
import { createRemoval } from './removal';
import { runOperations } from './run';
import { createRunCounts } from './run-count';
import { createRunLapse } from './run-lapse';
import { createRunLeases } from './run-lease';
import { secretOperations } from './secret';
import { createSettlement } from './settlement';
import { tokenKeeping } from './token-keeping';
import { createUnits } from './unit';
import { vaultContentOperations } from './vault-content';

export interface OperationsOptions {
  readonly vault: Vault;
  readonly database: Database;
  /** Seals the names of secrets in audit events. */
  readonly masterKey: MasterKey;
  readonly clock: Clock;
  /** Drawn with the vault. */
  readonly vaultId: string;
  /** PEM of the CA that devices must trust; null with an own certificate or plain HTTP. */
  readonly caCertificate?: string | null | undefined;
  /** Version of the service. */
  readonly version: string;
  /**
   * After so many hours an unused configuration of a lapsed run ends, unless a state was seen to hold it; 0: never.
   * @default 168
   */
  readonly unclaimedConfigurationHours?: number | undefined;
}

export function createOperations(options: OperationsOptions) {
  const { database, clock, unclaimedConfigurationHours = UNCLAIMED_CONFIGURATION_HOURS } = options;
  const auditTrail = createAuditTrail(options);
  const tokens = tokenKeeping({ database, clock, auditTrail });
  const idempotency = createIdempotency({ database, clock });
  const leases = createRunLeases({ database, clock });
  const removal = createRemoval({ vault: options.vault, database, auditTrail });
  const reaper = createReaper({ vault: options.vault, database, clock, removal, unclaimedConfigurationHours });
  const vault = livingVault(options.vault, { database, reaper });
  const units = createUnits({ database, clock, idempotency, vault, auditTrail, leases });
  const holding = createHolding({ database, vault });
  const settle = createSettlement({ vault: options.vault, database, clock, leases, holding, reaper });
  const lapse = createRunLapse({ database, clock, leases, reaper, removal });
  return {
    admit: units.admit,
    applications: applicationOperations(units, { vault, database, clock, leases, reaper }),
    grants: grantOperations(vault, units, database),
    devices: clientDeviceOperations(vault, units, database),
    gateways: gatewayOperations(vault, units),
    info: infoOperations(units, options),
    secrets: secretOperations(vault, units),
    content: vaultContentOperations(vault, units, database),
    redemptions: redemptionOperations({ vault, database, auditTrail }),
    runs: runOperations({ units, database, leases, holding, settle }),
    orphans: orphanOperations({ units, vault, database, removal }),
    runCounts: createRunCounts({ database, clock, lapses: lapse.lapses, removals: removal.counts }),
    auditEvents: auditEventOperations(database, units, auditTrail),
    apiTokens: apiTokenOperations({ database, clock, units, tokens }),
    tokens,
    /** For the start, before anybody asks: the time that the service was down does not count for any run. */
    async resume() {
      await sealClearNames(options);
      await lapse.resume();
    },
    /** Lets runs lapse, ends what ends by itself, removes what is dead; a timer calls it every few seconds. */
    tick: lapse.tick,
    /** Drops replay copies and runs whose time is over; a timer calls it. */
    async purge() {
      await idempotency.purge();
      await lapse.purge();
      await tokens.purge();
    },
    /** Before the database is closed. */
    close: lapse.stop,
  };
}

export type Operations = ReturnType<typeof createOperations>;

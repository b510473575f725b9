/**
 * What the service does, one file a noun: authorises, keeps runs, idempotency
 * and audit, and asks the vault port. It knows no HTTP and no driver; it may
 * import contract/, the store and the vault port.
 */

import type { Clock } from '../clock';
import type { Database } from '../store/database';
import type { Vault } from '../vault/vault';
import { apiTokenOperations } from './api-token';
import { applicationOperations } from './application';
import { auditEventOperations } from './audit-event';
import { clientDeviceOperations } from './client-device';
import { gatewayOperations } from './gateway';
import { grantOperations } from './grant';
import { createIdempotency } from './idempotency';
import { infoOperations } from './info';
import { redemptionOperations } from './redemption';
import { runOperations } from './run';
import { secretOperations } from './secret';
import { createUnits } from './unit';
import { vaultContentOperations } from './vault-content';

export interface OperationsOptions {
  readonly vault: Vault;
  readonly database: Database;
  readonly clock: Clock;
  /** Version of the service. */
  readonly version: string;
}

export function createOperations({ vault, database, clock, version }: OperationsOptions) {
  const idempotency = createIdempotency({ database, clock });
  const units = createUnits({ database, clock, idempotency });
  const runs = runOperations(vault, { database, clock });
  return {
    applications: applicationOperations(vault, units),
    grants: grantOperations(vault, units),
    devices: clientDeviceOperations(vault, units),
    gateways: gatewayOperations(vault, units),
    info: infoOperations(vault, units, version),
    secrets: secretOperations(vault, units),
    content: vaultContentOperations(vault, units),
    redemptions: redemptionOperations({ vault, database, clock }),
    runs,
    auditEvents: auditEventOperations(database, units),
    apiTokens: apiTokenOperations({ database, clock, units }),
    /** Drops replay copies and runs whose time is over; a timer calls it. */
    async purge() {
      await idempotency.purge();
      await runs.purge();
    },
  };
}

export type Operations = ReturnType<typeof createOperations>;

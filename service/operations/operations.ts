/**
 * What the service does, one file a noun: authorises, keeps runs, idempotency
 * and audit, and asks the vault port. It knows no HTTP and no driver; it may
 * import contract/, the store and the vault port.
 */

import type { Clock } from '../clock';
import type { Database } from '../store/database';
import type { MasterKey } from '../store/master-key';
import type { Vault } from '../vault/vault';
import { apiTokenOperations } from './api-token';
import { applicationOperations } from './application';
import { auditEventOperations } from './audit-event';
import { createAuditTrail } from './audit-trail';
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
  /** Seals the names of secrets in audit events. */
  readonly masterKey: MasterKey;
  readonly clock: Clock;
  /** Drawn with the vault. */
  readonly vaultId: string;
  /** PEM of the CA that devices must trust; null with an own certificate or plain HTTP. */
  readonly caCertificate?: string | null | undefined;
  /** Version of the service. */
  readonly version: string;
}

export function createOperations(options: OperationsOptions) {
  const { vault, database, clock } = options;
  const auditTrail = createAuditTrail(options);
  const idempotency = createIdempotency({ database, clock });
  const units = createUnits({ database, clock, idempotency, vault, auditTrail });
  const runs = runOperations(vault, { database, clock, auditTrail });
  return {
    admit: units.admit,
    applications: applicationOperations(vault, units, database),
    grants: grantOperations(vault, units, database),
    devices: clientDeviceOperations(vault, units, database),
    gateways: gatewayOperations(vault, units),
    info: infoOperations(units, options),
    secrets: secretOperations(vault, units),
    content: vaultContentOperations(vault, units),
    redemptions: redemptionOperations({ vault, database, auditTrail }),
    runs,
    auditEvents: auditEventOperations(database, units, auditTrail),
    apiTokens: apiTokenOperations({ database, clock, units, auditTrail }),
    /** Drops replay copies and runs whose time is over; a timer calls it. */
    async purge() {
      await idempotency.purge();
      await runs.purge();
    },
  };
}

export type Operations = ReturnType<typeof createOperations>;

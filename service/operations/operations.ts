/**
 * What the service does, one file a noun: authorises, keeps runs, idempotency
 * and audit, and asks the vault port. It knows no HTTP and no driver; it may
 * import contract/, the store and the vault port.
 */

import { UNCLAIMED_CONFIGURATION_HOURS } from '../../contract/limits';
import type { Database } from '../store/database';
import type { MasterKey } from '../store/master-key';
import type { Vault } from '../vault/port';
import type { Clock } from '../world/clock';
import { apiTokenOperations } from './api-token';
import { applicationOperations } from './application';
import { auditEventOperations } from './audit-event';
import { sealClearNames } from './audit-name';
import { createAuditTrail } from './audit-trail';
import { createCalls } from './calls';
import { createByIntent } from './change/by-intent';
import { createJournal } from './change/journal';
import type { AnyMutation } from './change/mutation';
import { createRecovery } from './change/recovery';
import { clientDeviceOperations } from './client-device';
import { gatewayOperations } from './gateway';
import { grantOperations } from './grant';
import { createHolding } from './holding';
import { createIdempotency } from './idempotency';
import { infoOperations } from './info';
import { livingVaults } from './living-vault';
import { orphanOperations } from './orphan';
import { createReaper } from './reaper';
import { redemptionOperations } from './redemption';
import { createRemoval } from './removal';
import { restfully } from './rest';
import { runOperations } from './run';
import { createRunCounts } from './run-count';
import { createRunLapse } from './run-lapse';
import { createRunLeases } from './run-lease';
import { secretOperations } from './secret';
import { createSettlement } from './settlement';
import { createSuspects } from './suspect';
import { tokenKeeping } from './token-keeping';
import { createUnits } from './unit';
import { createUses } from './use';
import { vaultContentOperations } from './vault-content';
import { wholeFor } from './whole';

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
  /**
   * How long whoever asks waits for a vault that answers over a network, in milliseconds; the work goes on after it.
   * @default 40000
   */
  readonly vaultPatienceMs?: number | undefined;
}

/** DESIGN: no request waits longer than 45 s. What is left of it is for the rest. */
const VAULT_PATIENCE_MS = 40_000;

export function createOperations(options: OperationsOptions) {
  const { database, clock, unclaimedConfigurationHours = UNCLAIMED_CONFIGURATION_HOURS } = options;
  const auditTrail = createAuditTrail(options);
  const tokens = tokenKeeping({ database, clock, auditTrail });
  const { vault } = options;
  const idempotency = createIdempotency({ database, clock });
  const leases = createRunLeases({ database, clock });
  const calls = createCalls({ clock, patienceMs: options.vaultPatienceMs ?? VAULT_PATIENCE_MS });
  const whole = wholeFor(vault, database);
  const notes = { database, clock, auditTrail };
  const removal = createRemoval({ vault, calls, database, auditTrail });
  const reaper = createReaper({ vault, calls, whole, database, clock, removal, unclaimedConfigurationHours });
  const suspects = createSuspects({ vault, calls, database, auditTrail, removal });
  const uses = createUses({ vault, calls, database });
  const living = livingVaults(vault, { database, reaper });
  const journal = createJournal(options);
  const mutations = new Map<string, AnyMutation>();
  const parts = {
    database,
    clock,
    vault,
    living,
    calls,
    idempotency,
    leases,
    journal,
    notes,
    reaper,
    suspects,
    mutations,
  };
  const recovery = createRecovery({ ...parts, removal });
  const byIntent = createByIntent({ ...parts, recovery });
  const units = createUnits({ ...parts, auditTrail, byIntent });
  const holding = createHolding({ database, living, calls, suspects });
  const settle = createSettlement({ vault, calls, database, clock, leases, holding, reaper });
  const lapse = createRunLapse({ database, clock, leases, reaper, removal, uses, whole });
  const nouns = {
    applications: applicationOperations({ ...parts, units, removesInPortions: vault.transactional }),
    grants: grantOperations({ units, database }),
    devices: clientDeviceOperations({ units, database }),
    gateways: gatewayOperations(units),
  };
  for (const { mutations: some } of Object.values(nouns)) {
    for (const mutation of some) mutations.set(mutation.name, mutation);
  }
  let stopped = false;
  return {
    ...nouns,
    admit: units.admit,
    /** @throws KsmError a sentence for the operator: the vault does not do what is asked of it */
    vaultHealth: () => vault.health(),
    info: infoOperations(units, options),
    secrets: secretOperations(units),
    content: vaultContentOperations({ vault, calls, units, database }),
    redemptions: redemptionOperations({ vault, calls, whole, database, auditTrail }),
    runs: runOperations({ units, database, leases, holding, settle }),
    orphans: orphanOperations({ units, database, removal, suspects, uses, whole }),
    runCounts: createRunCounts({ database, clock, lapses: lapse.lapses, removals: removal.counts, suspects }),
    auditEvents: auditEventOperations(database, units, auditTrail),
    apiTokens: apiTokenOperations({ database, clock, units, tokens }),
    tokens,
    /** For the start, before anybody asks: the time that the service was down does not count for any run. */
    async resume() {
      await sealClearNames(options);
      await journal.takeOver();
      await lapse.resume();
    },
    /**
     * Settles what was interrupted, lets runs lapse, ends what ends by itself, removes what is dead; a timer calls it
     * every few seconds.
     */
    tick: restfully(clock, [byIntent.tick, lapse.tick, recovery.endUnanswered, () => suspects.endDue(() => stopped)]),
    /** Drops replay copies and runs whose time is over; a timer calls it. */
    async purge() {
      await idempotency.purge();
      await journal.purge();
      await lapse.purge();
      await tokens.purge();
    },
    /** Before the database is closed. */
    async close() {
      stopped = true;
      calls.close();
      await byIntent.close();
      await lapse.stop();
    },
  };
}

export type Operations = ReturnType<typeof createOperations>;

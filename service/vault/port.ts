/**
 * The vault port: what the service asks of Keeper, whichever vault it stands
 * on. Drivers live beside it (`embedded/`, `commander/`), each with the
 * same file names; `test/service/vault/vault-suite.ts` runs against every one.
 * What is asked is asked within a call (`call.ts`) of one of the nouns
 * (`vault.ts`); a change is one step (`step.ts`). Nothing here logs.
 */

import type { Feature } from '../../contract/api';
import type { DeviceApi } from '../../contract/types';
import type { Call } from './call';
import type { Intent, ReadBack } from './step';
import type { SuspectNotes } from './suspect';
import type { VaultNouns } from './vault';

/** What a driver can do, wherever it stands (`capabilities.ts` of each). */
export interface Capabilities {
  readonly kind: 'embedded' | 'commander';
  readonly features: readonly Feature[];
  /** Features that it does not have, and why. */
  readonly unsupported: readonly { readonly feature: Feature; readonly reason: string }[];
}

/** used: somebody has it · over: nobody can redeem it, or nobody was seen to use it · open: it can still be redeemed. */
export type Use = 'used' | 'over' | 'open';

export interface Vault extends Capabilities {
  /**
   * Whether its changes belong to the transaction of the service's own database that they are made in. One that is not
   * answers over a network: it is never called inside a transaction, what is asked of it may take seconds, and whether
   * it did it may stay unknown (`outcome-unknown.ts`).
   */
  readonly transactional: boolean;
  during(call: Call): VaultNouns;
  /**
   * What became of a change whose outcome nobody has noted. Called when nothing else touches that application; asked
   * again it answers the same. Of a transactional vault nobody asks.
   *
   * @throws KsmError `vault_unavailable`, `vault_busy`, `operation_in_progress` while it cannot be known
   */
  readBack(call: Call, intent: Intent): Promise<ReadBack>;
  /**
   * What has become of the credentials of these devices and gateways of one application; of one that there is not,
   * nothing. Undefined: devices redeem here, and the service hears of it.
   *
   * @param ids client ids
   * @param fresh whether Keeper is asked now; else what was read a little earlier will do
   */
  readonly usesIn?:
    | ((call: Call, applicationId: string, ids: readonly string[], fresh: boolean) => Promise<ReadonlyMap<string, Use>>)
    | undefined;
  /** What was read back as suspected. Undefined: nothing ever is. */
  readonly suspects?: SuspectNotes | undefined;
  /** @throws KsmError `vault_unavailable`, `vault_changed`: a sentence for the operator */
  health(): Promise<void>;
  /** Where devices redeem; null where the vault's own cloud answers them. */
  deviceApi(): Omit<DeviceApi, 'caCertificate'> | null;
  /** Frees what the driver holds. */
  close(): Promise<void>;
}

/**
 * The embedded vault: Keeper's key hierarchy and formats on our own database.
 * One file a noun, as in every driver of the port; it may import the store,
 * the port and the contract, never HTTP or the operations.
 *
 * At rest the application, folder and private keys are sealed with the master
 * key; record keys are under their folder's key, contents under their own. A
 * one-time token or client key is never stored.
 */

import type { Database } from '../../store/database';
import type { MasterKey } from '../../store/master-key';
import type { Clock } from '../../world/clock';
import type { Vault } from '../port';
import type { VaultContent, VaultNouns } from '../vault';
import { applicationVault } from './application';
import { capabilities } from './capabilities';
import { clientDeviceVault } from './client-device';
import { vaultContent } from './content';
import type { Context } from './context';
import { gatewayVault } from './gateway';
import { grantVault } from './grant';
import { openKeys, type VaultKeys } from './keys';
import { fillNames } from './name';
import { type Readables, readables } from './readable';
import { type Redemption, redemption } from './redemption';
import { secretVault } from './secret';

/** What the device API of this vault works with, beyond the port. */
export interface EmbeddedVaultInternals {
  readonly keys: VaultKeys;
  readonly redemption: Redemption;
  readonly readables: Readables;
}

/** Its nouns need no call: it answers at once. */
export interface EmbeddedVault extends Vault, VaultNouns, EmbeddedVaultInternals {
  readonly content: VaultContent;
}

/**
 * Opens the vault; the first time it makes its key pairs.
 *
 * @param options.hostname where devices redeem, `host:port`; asked at each use, since a port may be known late
 */
export async function createEmbeddedVault(options: {
  database: Database;
  masterKey: MasterKey;
  clock: Clock;
  hostname: () => string;
}): Promise<EmbeddedVault> {
  const keys = await openKeys(options.database, options.masterKey);
  const context: Context = { ...options, keys };
  await fillNames(context);
  const redemptions = redemption(context);
  const nouns = {
    requireName: () => undefined,
    applications: applicationVault(context),
    grants: grantVault(context),
    devices: clientDeviceVault(context),
    gateways: gatewayVault(context),
    secrets: secretVault(context),
    content: vaultContent(context),
  };
  return {
    ...nouns,
    ...capabilities,
    transactional: true,
    during: () => nouns,
    readBack: () => Promise.reject(new TypeError('What this vault does is noted in the same transaction')),
    // Its health is that of the database.
    health: () => Promise.resolve(),
    keys,
    redemption: redemptions,
    readables: readables(context),
    deviceApi: () => ({
      hostname: context.hostname(),
      serverPublicKeyId: String(keys.server.id),
      serverPublicKey: keys.server.publicKey.toString('base64url'),
    }),
    // The database belongs to whoever opened it. A use that cannot be noted now is not worth a failing end.
    close: () => redemptions.flush().catch(() => undefined),
  };
}

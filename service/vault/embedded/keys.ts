/** The vault's own key pairs, made at its first start and kept sealed. */

import type { Database } from '../../store/database';
import type { MasterKey } from '../../store/master-key';
import { randomInt } from '../../world/random';
import { eciesOpener, newKeyPair } from './crypto';

/** Takes the transmission keys of devices. */
export interface ServerKey {
  /** What devices send as `PublicKeyId`; never one of Keeper's own (7 to 18). */
  readonly id: number;
  /** 65 bytes, uncompressed. */
  readonly publicKey: Buffer;
  /** Opens a transmission key. Throws for anything else. */
  open(bytes: Uint8Array): Buffer;
}

export interface VaultKeys {
  readonly server: ServerKey;
  /** The public key of the applications' owner: devices encrypt the keys of records they create to it. */
  readonly ownerPublicKey: Buffer;
}

/** Where the private half of a pair is sealed. */
export const privateKeyPlace = (name: 'server' | 'owner') => ({ table: 'vault_keys', column: 'private_key', id: name });

export async function openKeys(database: Database, masterKey: MasterKey): Promise<VaultKeys> {
  return database.transaction(async () => {
    const server = await openPair(database, masterKey, 'server');
    const owner = await openPair(database, masterKey, 'owner');
    return {
      server: {
        id: server.key_id,
        publicKey: server.public_key,
        open: eciesOpener(masterKey.unseal(server.private_key, privateKeyPlace('server'))),
      },
      ownerPublicKey: owner.public_key,
    };
  });
}

async function openPair(database: Database, masterKey: MasterKey, name: 'server' | 'owner') {
  const stored = await database.db.selectFrom('vault_keys').selectAll().where('name', '=', name).executeTakeFirst();
  if (stored) {
    return stored;
  }
  const { privateKey, publicKey } = newKeyPair();
  const row = {
    name,
    // A random id: a device of another vault is told so by the error `key`, and not by bytes that do not open.
    key_id: randomInt(100_000, 1_000_000),
    public_key: publicKey,
    private_key: masterKey.seal(privateKey, privateKeyPlace(name)),
  };
  await database.db.insertInto('vault_keys').values(row).execute();
  return row;
}

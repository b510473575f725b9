import { createECDH } from 'node:crypto';
import { privateKeyPlace } from '../keys';
import type { CheckContext } from './context';
import { opened } from './portions';

const TABLE = 'vault_keys';

/** Without `server` no device is understood; without `owner` none can make a record. */
export async function checkKeys({ db, masterKey, check }: CheckContext): Promise<void> {
  const rows = await db.selectFrom(TABLE).selectAll().execute();
  for (const name of ['server', 'owner'] as const) {
    const row = rows.find((one) => one.name === name);
    if (!row) {
      check.found(TABLE, name, 'the key pair is missing');
      continue;
    }
    check.seen(TABLE);
    const privateKey = opened(() => masterKey.unseal(row.private_key, privateKeyPlace(name)));
    if (!privateKey) {
      check.found(TABLE, name, 'the private key does not open with the master key');
    } else if (!opened(() => publicKeyOf(privateKey))?.equals(row.public_key)) {
      check.found(TABLE, name, 'the public key is not that of the private one');
    }
  }
}

function publicKeyOf(privateKey: Buffer): Buffer {
  const pair = createECDH('prime256v1');
  pair.setPrivateKey(privateKey);
  return pair.getPublicKey();
}

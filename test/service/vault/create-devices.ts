/** Creates pairs of devices, each pair in one transaction, and prints their client ids once committed; until killed. */

import { join } from 'node:path';
import { openDatabase } from '../../../service/store/database';
import { openMasterKey } from '../../../service/store/master-key';
import { createEmbeddedVault } from '../../../service/vault/embedded/embedded';

async function main(folder: string, applicationId: string): Promise<void> {
  const database = await openDatabase({ file: join(folder, 'vault.db') });
  const masterKey = await openMasterKey({ database, file: join(folder, 'master.key') });
  const clock = { now: Date.now };
  const vault = await createEmbeddedVault({ database, masterKey, clock, hostname: () => 'localhost:1' });
  const create = () => vault.devices.create({ applicationId, name: 'pair', ipLock: true, tokenExpiresInMinutes: 60 });
  for (;;) {
    const pair = await database.transaction(async () => [await create(), await create()]);
    process.stdout.write(pair.map(({ clientId }) => `${clientId}\n`).join(''));
    // Lets the pipe be read: the killer must see what was told.
    await new Promise((resolve) => setImmediate(resolve));
  }
}

void main(process.argv[2]!, process.argv[3]!);

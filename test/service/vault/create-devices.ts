/**
 * Creates pairs of devices, each pair in one transaction, and prints their
 * client ids once committed. After `pairs` of them it stops in the middle of
 * the next, prints `half` and waits to be killed.
 */

import { join } from 'node:path';
import { openDatabase } from '../../../service/store/database';
import { openMasterKey } from '../../../service/store/master-key';
import { createEmbeddedVault } from '../../../service/vault/embedded/embedded';
import { systemClock } from '../../../service/world/clock';

async function main(folder: string, applicationId: string, pairs: number): Promise<void> {
  const database = await openDatabase({ file: join(folder, 'vault.db') });
  const masterKey = await openMasterKey({ database, file: join(folder, 'master.key') });
  const vault = await createEmbeddedVault({ database, masterKey, clock: systemClock, hostname: () => 'localhost:1' });
  const create = () => vault.devices.create({ applicationId, name: 'pair', ipLock: true, tokenExpiresInMinutes: 60 });
  for (let made = 0; ; made++) {
    const pair = await database.transaction(async () => {
      const first = await create();
      if (made === pairs) {
        process.stdout.write('half\n');
        await new Promise((resolve) => setTimeout(resolve, 60_000));
      }
      return [first, await create()];
    });
    process.stdout.write(pair.map(({ clientId }) => `${clientId}\n`).join(''));
    // Lets the pipe be written: the killer must see what was told.
    await new Promise((resolve) => setImmediate(resolve));
  }
}

void main(process.argv[2]!, process.argv[3]!, Number(process.argv[4]));

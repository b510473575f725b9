import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createAuditTrail } from '../operations/audit-trail';
import { tokenKeeping } from '../operations/token-keeping';
import { openDatabase } from '../store/database';
import { systemClock } from '../world/clock';
import { replaceAdminToken } from './admin-token';
import { openDataFolder } from './data-folder';
import { requireOwner } from './owner';
import { StartError } from './start-error';

/**
 * Makes a new admin token in `DIR/admin.token` and revokes the one that was there, with the service stopped.
 *
 * @returns the file that holds it
 * @throws StartError `database_missing` where there is no service, `data_folder_in_use` while it runs; StoreError
 */
export async function recoverAdminToken({ dataDir }: { dataDir: string }): Promise<string> {
  const missing = () =>
    new StartError(
      'database_missing',
      `There is no database in the data folder ${resolve(dataDir)}, so nothing to recover. Give --data the folder of the service.`,
    );
  const file = join(dataDir, 'service.db');
  if (!existsSync(file)) throw missing();
  requireOwner(file);
  const folder = openDataFolder(dataDir);
  try {
    const clock = systemClock;
    const onNew = () => {
      throw missing();
    };
    const database = await openDatabase({ file: folder.database, now: clock.now, onNew });
    try {
      // Names of secrets are all that the trail seals: the master key is not needed, and may be in another place.
      const auditTrail = createAuditTrail({ database, clock, masterKey: { seal: sealsNothing, unseal: sealsNothing } });
      const tokens = tokenKeeping({ database, clock, auditTrail });
      await replaceAdminToken({ file: folder.adminToken, tokens, database });
      return folder.adminToken;
    } finally {
      await database.close();
    }
  } finally {
    folder.release();
  }
}

function sealsNothing(): never {
  throw new TypeError('A token has no name of a secret');
}

/**
 * What must hold of an embedded vault beyond what the engine knows: each sealed thing opens at its place, each key is
 * the one that those above and below it need, and nothing stands alone. One file a noun; they read, and change nothing.
 */

import type { Snapshot } from '../../../store/database';
import type { MasterKey } from '../../../store/master-key';
import type { Check, Items } from '../../check';
import { checkApplications } from './application';
import { checkClients } from './client';
import type { CheckContext } from './context';
import { checkFolders } from './folder';
import { checkGrants } from './grant';
import { checkKeys } from './keys';
import { checkRecords } from './record';

/** @returns what there is, for whoever keeps notes of it */
export async function checkEmbeddedVault(options: {
  snapshot: Pick<Snapshot, 'db'>;
  masterKey: MasterKey;
  check: Check;
}): Promise<Items> {
  const { snapshot, masterKey, check } = options;
  const keys = { applicationKeys: new Map(), folderKeys: new Map(), recordKeys: new Map() };
  const context: CheckContext = { db: snapshot.db, masterKey, check, ...keys };
  await checkKeys(context);
  const applications = await checkApplications(context);
  const folders = await checkFolders(context);
  const records = await checkRecords(context);
  const grants = await checkGrants(context);
  const clients = await checkClients(context);
  return { applications, folders, records, grants, clients };
}

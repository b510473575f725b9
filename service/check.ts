/**
 * Checks the database of a service, which may run: beside main.ts the one place that names concrete adapters. It may
 * import everything in service/ but the faces, http/ and device-api/.
 */

import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type KeySource, masterKeyOf } from './host/key-source';
import { requireOwner } from './host/owner';
import { StartError } from './host/start-error';
import { checkNotes } from './operations/check';
import { openSnapshot, type Snapshot } from './store/database';
import { isKeyOf } from './store/master-key';
import { readSetting } from './store/setting';
import { isStoreError, StoreError } from './store/store-error';
import type { Check, Finding } from './vault/check';
import { checkCommanderVault } from './vault/commander/check';
import { checkEmbeddedVault } from './vault/embedded/check/check';

/** More of them say no more, and a damaged file can have one a row. */
const FINDINGS_SHOWN = 100;

export interface CheckReport {
  /** Nothing was found. */
  readonly sound: boolean;
  /** Rows that were looked at, by table. */
  readonly checked: Readonly<Record<string, number>>;
  /** The first hundred. */
  readonly findings: readonly Finding[];
  readonly findingsTotal: number;
}

/**
 * Reads everything once, as of one moment, and changes nothing: pages, indexes and references by the engine's own
 * check, then what this program relies on.
 *
 * @throws StartError `database_missing`; StoreError for a key that is not the database's, or a version that is not this one
 */
export async function checkVault(source: KeySource): Promise<CheckReport> {
  const file = join(source.dataDir, 'service.db');
  if (!existsSync(file)) {
    throw new StartError(
      'database_missing',
      `There is no database in the data folder ${resolve(source.dataDir)}, so nothing to check. Give --data the folder of the service.`,
    );
  }
  requireOwner(file);
  const masterKey = masterKeyOf(source);
  const checked: Record<string, number> = {};
  const findings: Finding[] = [];
  let findingsTotal = 0;
  const check: Check = {
    seen(table) {
      checked[table] = (checked[table] ?? 0) + 1;
    },
    found(table, id, finding) {
      if (findingsTotal++ < FINDINGS_SHOWN) findings.push({ table, id, finding });
    },
  };
  const report = () => ({ sound: findingsTotal === 0, checked, findings, findingsTotal });

  let snapshot: Snapshot;
  try {
    snapshot = await openSnapshot(file);
  } catch (error) {
    if (!isStoreError(error, 'database_damaged')) throw error;
    check.found('service.db', null, error.message);
    return report();
  }
  try {
    for (const fault of await snapshot.faults()) check.found('service.db', null, fault);
    // Of a damaged file the engine itself reads no further.
    if (findingsTotal > 0) return report();
    if (!(await isKeyOf(snapshot, masterKey))) {
      throw new StoreError(
        'master_key_wrong',
        `The master key is not the one that ${file} was made with. Nothing was changed. Give the right one: --master-key-file, KSM_IAC_MASTER_KEY, or master.key in the data folder.`,
      );
    }
    const kind = await readSetting(snapshot, 'vault_kind');
    const items =
      kind === 'commander'
        ? void (await checkCommanderVault({ snapshot, check }))
        : await checkEmbeddedVault({ snapshot, masterKey, check });
    await checkNotes({ snapshot, masterKey, check, items });
    return report();
  } finally {
    await snapshot.close();
  }
}

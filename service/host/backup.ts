import { closeSync, existsSync, openSync, readFileSync, readSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { VERSION } from '../../contract/version';
import { copyDatabase, openSnapshot } from '../store/database';
import { isKeyOf } from '../store/master-key';
import { StoreError } from '../store/store-error';
import { systemClock } from '../world/clock';
import { encodeBackup, isBackup } from './backup-file';
import { DATABASE, FILES, lockBackups, usable } from './backup-parts';
import { type KeySource, masterKeyOf } from './key-source';
import { requireOwner } from './owner';
import { PRIVATE_MODE, removeDrafts, writeFileAtomically } from './private-file';
import { StartError } from './start-error';

/** Longer than the first line of any backup. */
const HEADING_BYTES = 4096;

/**
 * Writes everything of a data folder but its master key into one file (0600), encrypted with that key. The service may
 * run: the database is copied as of one moment, and nobody waits for it. Another backup of that name is replaced, once
 * this one is whole.
 *
 * @throws StartError `database_missing`, `backup_unusable`, `backup_running`; StoreError, for one `master_key_wrong`:
 *   what is encrypted with a key that is not the database's could be opened by nobody who has the right one
 */
export async function backUp(options: KeySource & { file: string }): Promise<void> {
  const { file } = options;
  const dataDir = resolve(options.dataDir);
  const database = join(dataDir, DATABASE);
  if (!existsSync(database)) {
    throw new StartError(
      'database_missing',
      `There is no database in the data folder ${dataDir}, so nothing to back up. Give --data the folder of the service.`,
    );
  }
  requireOwner(database);
  usable(file, 'written', () => refuseOther(file));
  const key = masterKeyOf(options);
  const release = lockBackups(dataDir, join(dataDir, 'backup-lock.db'));
  // Beside the database: where the backup goes others may read, and the copy is not encrypted as a whole.
  const copy = join(dataDir, 'backup-copy.db');
  try {
    const parts = new Map<string, Buffer>();
    for (const name of Object.keys(FILES)) {
      const path = join(dataDir, name);
      if (existsSync(path)) parts.set(name, readFileSync(path));
    }
    usable(file, 'written', () => removeDrafts(resolve(file)));
    remove(copy);
    copyDatabase(database, copy);
    const snapshot = await openSnapshot(copy, { anyVersion: true });
    const right = await isKeyOf(snapshot, key).finally(() => snapshot.close());
    if (!right) {
      throw new StoreError(
        'master_key_wrong',
        `The master key is not the one that ${database} was made with, so no backup was written. Give the right one: --master-key-file, KSM_IAC_MASTER_KEY, or master.key in the data folder.`,
      );
    }
    parts.set(DATABASE, readFileSync(copy));
    const encoded = encodeBackup(key, { version: VERSION, madeAt: new Date(systemClock.now()).toISOString() }, parts);
    usable(file, 'written', () => writeFileAtomically(file, encoded, PRIVATE_MODE));
  } finally {
    remove(copy);
    release();
  }
}

/** SQLite's own files, too: the copy is a database. */
function remove(copy: string): void {
  for (const suffix of ['', '-journal', '-wal', '-shm']) rmSync(`${copy}${suffix}`, { force: true });
}

/** A slip of the keyboard must not cost a file that is none of ours. */
function refuseOther(file: string): void {
  if (!existsSync(file)) return;
  const start = Buffer.alloc(HEADING_BYTES);
  const descriptor = openSync(file, 'r');
  let length: number;
  try {
    length = readSync(descriptor, start, 0, HEADING_BYTES, 0);
  } finally {
    closeSync(descriptor);
  }
  if (!isBackup(start.subarray(0, length))) {
    throw new StartError(
      'backup_unusable',
      `${file} exists and is no backup of this program, so it was left alone. Give another name, or remove it.`,
    );
  }
}

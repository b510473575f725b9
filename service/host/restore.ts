import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { copyDatabase, openDatabase } from '../store/database';
import { openMasterKey } from '../store/master-key';
import { eraseSetting } from '../store/setting';
import { decodeBackup } from './backup-file';
import { DATABASE, FILES, lockBackups, usable } from './backup-parts';
import { openDataFolder } from './data-folder';
import { environmentOf, type KeySource, masterKeyOf } from './key-source';
import { makeFolder } from './make-folder';
import { requireOwner } from './owner';
import { PRIVATE_MODE, syncFolder, writeFileAtomically } from './private-file';
import { StartError } from './start-error';
import { renewVaultId } from './vault-id';

/**
 * Makes the data folder what it was at the backup, its service being stopped. Nothing of it is touched before the
 * backup has been opened, checked and brought to this version.
 *
 * @param options.newVaultId makes it another vault: a clone that no Terraform state takes for the first
 * @throws StartError `data_folder_in_use`, `backup_running`, `backup_unusable`, `backup_key_wrong`; StoreError
 */
export async function restore(options: KeySource & { file: string; newVaultId?: boolean | undefined }): Promise<void> {
  const { file, masterKeyFile } = options;
  requireOwner(join(options.dataDir, DATABASE));
  const folder = openDataFolder(options.dataDir);
  const undo = [folder.release];
  const draft = join(folder.path, 'restore-draft.db');
  const copy = join(folder.path, 'restore-copy.db');
  try {
    undo.push(lockBackups(folder.path, join(folder.path, 'backup-lock.db')));
    const bytes = usable(file, 'read', () => readFileSync(file));
    const parts = decodeBackup(masterKeyOf(options), bytes, file);
    // What an earlier restore or backup has left that was killed.
    const rest = [draft, copy, join(folder.path, 'backup-copy.db')];
    remove(...rest);
    undo.push(() => remove(...rest));
    if (masterKeyFile !== undefined) keepMasterKey(folder.masterKey, masterKeyFile);
    await prepare(parts.get(DATABASE)!, { ...options, draft, copy, masterKey: folder.masterKey });

    // The database before goes first, and its journal with it, which would be folded into any other: whoever is killed
    // between here and the rename leaves a folder without a database, which no service starts on.
    remove(folder.database);
    renameSync(copy, folder.database);
    syncFolder(folder.path);
    makeFolder(folder.tls, 0o700);
    for (const [name, mode] of Object.entries(FILES)) {
      const content = parts.get(name);
      const path = join(folder.path, name);
      if (content) writeFileAtomically(path, content, mode);
      else rmSync(path, { force: true });
    }
    rmSync(folder.note, { force: true });
  } finally {
    for (const step of undo.reverse()) step();
  }
}

/** Opens the database of the backup as a service would, and leaves it in `copy`, whole and on disk. */
async function prepare(
  content: Buffer,
  options: KeySource & { draft: string; copy: string; masterKey: string; newVaultId?: boolean | undefined },
): Promise<void> {
  const { draft, copy, masterKeyFile, masterKey, newVaultId } = options;
  writeFileAtomically(draft, content, PRIVATE_MODE);
  const database = await openDatabase({ file: draft });
  try {
    await openMasterKey({ database, file: masterKeyFile ?? masterKey, environment: environmentOf(options) });
    if (newVaultId) {
      await renewVaultId(database);
      // The devices of the clone are its own.
      await eraseSetting(database, 'advertised_address');
    }
  } finally {
    await database.close();
  }
  // Not the draft itself: what was just changed may still be in its journal.
  copyDatabase(draft, copy);
}

function remove(...files: string[]): void {
  for (const file of files) {
    for (const suffix of ['', '-journal', '-wal', '-shm']) rmSync(`${file}${suffix}`, { force: true });
  }
}

/** So that the service finds it. Another one that is there belongs to another database, and may be its only copy. */
function keepMasterKey(file: string, source: string): void {
  const key = readFileSync(source);
  if (!existsSync(file)) {
    writeFileAtomically(file, key, PRIVATE_MODE);
  } else if (!readFileSync(file).equals(key)) {
    throw new StartError(
      'backup_key_wrong',
      `${file} is another master key than ${source} (--master-key-file), and the key of another database. Move it away, or give --data another folder.`,
    );
  }
}

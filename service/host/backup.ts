import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { VERSION } from '../../contract/version';
import { copyDatabase, openDatabase } from '../store/database';
import { openMasterKey } from '../store/master-key';
import { eraseSetting } from '../store/setting';
import { StoreError } from '../store/store-error';
import { decodeBackup, encodeBackup } from './backup-file';
import { openDataFolder } from './data-folder';
import { environmentOf, type KeySource, masterKeyOf } from './key-source';
import { makeFolder } from './make-folder';
import { PRIVATE_MODE, PUBLIC_MODE, writeFileAtomically } from './private-file';
import { reasonOf, StartError } from './start-error';
import { renewVaultId } from './vault-id';

/** What a backup has besides the database, with its mode. Not the master key, which opens it. */
const FILES = {
  'admin.token': PRIVATE_MODE,
  'tls/ca.key': PRIVATE_MODE,
  'tls/ca.crt': PUBLIC_MODE,
  'tls/server.key': PRIVATE_MODE,
  'tls/server.crt': PUBLIC_MODE,
} as const;
const DATABASE = 'service.db';

/**
 * Writes everything of a data folder but its master key into one file (0600), encrypted with that key. The service may
 * run: the database is copied as of one moment, and nobody waits for it.
 *
 * @throws StartError `database_missing`, `backup_unusable`; StoreError for a key that is not the database's
 */
export async function backUp(options: KeySource & { file: string }): Promise<void> {
  const { dataDir, file } = options;
  const database = join(dataDir, DATABASE);
  if (!existsSync(database)) {
    throw new StartError(
      'database_missing',
      `There is no database in the data folder ${resolve(dataDir)}, so nothing to back up. Give --data the folder of the service.`,
    );
  }
  const key = masterKeyOf(options);
  const parts = new Map<string, Buffer>();
  for (const name of Object.keys(FILES)) {
    const path = join(dataDir, name);
    if (existsSync(path)) parts.set(name, readFileSync(path));
  }
  // Beside the database: where the backup goes others may read, and the copy is not encrypted as a whole.
  const copy = join(dataDir, `backup.${randomBytes(6).toString('hex')}.db`);
  try {
    copyDatabase(database, copy);
    parts.set(DATABASE, readFileSync(copy));
    const encoded = encodeBackup(key, { version: VERSION, madeAt: new Date().toISOString() }, parts);
    usable(file, 'written', () => writeFileAtomically(file, encoded, PRIVATE_MODE));
  } finally {
    rmSync(copy, { force: true });
  }
}

/**
 * Makes the data folder what it was at the backup, its service being stopped. Nothing of it is touched before the
 * backup has been opened, checked and brought to this version.
 *
 * @param options.newVaultId makes it another vault: a clone that no Terraform state takes for the first
 * @throws StartError `data_folder_in_use`, `backup_unusable`, `backup_key_wrong`; StoreError
 */
export async function restore(options: KeySource & { file: string; newVaultId?: boolean | undefined }): Promise<void> {
  const { file, masterKeyFile, newVaultId } = options;
  const folder = openDataFolder(options.dataDir);
  const draft = join(folder.path, `restore.${randomBytes(6).toString('hex')}.db`);
  const copy = `${draft}.copy`;
  try {
    const key = masterKeyOf(options);
    const parts = decodeBackup(
      key,
      usable(file, 'read', () => readFileSync(file)),
      file,
    );
    if (masterKeyFile !== undefined) keepMasterKey(folder.masterKey, masterKeyFile);
    writeFileAtomically(draft, parts.get(DATABASE)!, PRIVATE_MODE);
    const database = await openDatabase({ file: draft });
    try {
      await openMasterKey({ database, file: masterKeyFile ?? folder.masterKey, environment: environmentOf(options) });
      if (newVaultId) {
        await renewVaultId(database);
        // The devices of the clone are its own.
        await eraseSetting(database, 'advertised_address');
      }
    } finally {
      await database.close();
    }
    // A copy, since what was just changed may still be in the draft's journal.
    copyDatabase(draft, copy);
    const restored = readFileSync(copy);
    // The journal of the database before would be folded into this one.
    for (const suffix of ['-wal', '-shm']) rmSync(`${folder.database}${suffix}`, { force: true });
    writeFileAtomically(folder.database, restored, PRIVATE_MODE);
    makeFolder(folder.tls, 0o700);
    for (const [name, mode] of Object.entries(FILES)) {
      const content = parts.get(name);
      const path = join(folder.path, name);
      if (content) writeFileAtomically(path, content, mode);
      else rmSync(path, { force: true });
    }
    rmSync(folder.note, { force: true });
  } finally {
    for (const suffix of ['', '-wal', '-shm', '.copy']) rmSync(`${draft}${suffix}`, { force: true });
    folder.release();
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

function usable<T>(file: string, what: string, step: () => T): T {
  try {
    return step();
  } catch (error) {
    if (error instanceof StartError || error instanceof StoreError) throw error;
    throw new StartError('backup_unusable', `The backup ${basename(file)} cannot be ${what}: ${reasonOf(error)}.`, {
      cause: error,
    });
  }
}

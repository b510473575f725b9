import { chmodSync, type Stats, statSync } from 'node:fs';
import { join } from 'node:path';
import { PRIVATE_MODE } from './private-file';
import { reasonOf, StartError } from './start-error';

/** Who could read one of these has it: a mode put right afterwards does not undo that. The store looks after `master.key`. */
const CREDENTIALS = ['admin.token', 'tls/ca.key', 'tls/server.key'];
/** What a copy or a restored backup leaves with the mode of the user's umask. */
const DATA = ['service.db', 'service.db-wal', 'service.db-shm', 'lock.db', 'backup-lock.db', 'service.json'];
/** Who may write a folder may replace everything in it. */
const FOLDERS = ['.', 'tls'];

const OTHERS = 0o077;
const OTHERS_WRITE = 0o022;
/** As on /tmp: files are safe from others there, and the mode is not ours to change. */
const STICKY = 0o1000;

export interface Repaired {
  readonly file: string;
  /** Octal, as it was. */
  readonly mode: string;
  /** Why it stays as it was; undefined when it was put right. */
  readonly failure?: string;
}

/**
 * Sees to the modes of what lies in a data folder: data is made private,
 * folders are closed to others' writing, and a credential that others may
 * read is refused.
 *
 * @returns what was not as it should be, for the log
 * @throws StartError `data_folder_exposed`
 */
export function securePrivateFiles(folder: string): readonly Repaired[] {
  for (const name of CREDENTIALS) {
    const file = join(folder, name);
    const status = find(file);
    if (status && (status.mode & OTHERS) !== 0) {
      throw exposed(
        `Others than its owner may read ${file}. If others were on this machine, replace it (docs/service.md); then run: chmod 600 '${file}'`,
      );
    }
  }
  const repaired: Repaired[] = [];
  for (const name of DATA) {
    const file = join(folder, name);
    const status = find(file);
    if (status && (status.mode & OTHERS) !== 0) {
      const entry = change(file, status, PRIVATE_MODE);
      if (entry.failure !== undefined) {
        throw exposed(
          `Others than its owner may read ${file}, and this user cannot change that (${entry.failure}). Give the file to the user of the service, with mode 600.`,
        );
      }
      repaired.push(entry);
    }
  }
  for (const name of FOLDERS) {
    const path = join(folder, name);
    const status = find(path);
    if (status && (status.mode & OTHERS_WRITE) !== 0 && (status.mode & STICKY) === 0) {
      // A mounted volume may belong to somebody else: whoever mounts it answers for it.
      repaired.push(change(path, status, status.mode & 0o7777 & ~OTHERS_WRITE));
    }
  }
  return repaired;
}

const find = (file: string): Stats | undefined => statSync(file, { throwIfNoEntry: false });

function change(file: string, status: Stats, mode: number): Repaired {
  const before = { file, mode: (status.mode & 0o7777).toString(8) };
  try {
    chmodSync(file, mode);
    return before;
  } catch (error) {
    return { ...before, failure: reasonOf(error) };
  }
}

function exposed(message: string): StartError {
  return new StartError('data_folder_exposed', message);
}

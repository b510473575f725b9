/**
 * How a service lives on a machine: its folder and lock, the address that it
 * listens on, its log, its first token, why it does not start. It may import
 * `store/`, the token's part of `operations/` and the app's type, and knows
 * neither HTTP nor a vault.
 */

import { readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { lock } from './lock';
import { makeFolder } from './make-folder';
import { reasonOf, StartError } from './start-error';

/** A service's folder: everything that must survive it. This process alone has it until `release`. */
export interface DataFolder {
  readonly path: string;
  readonly database: string;
  readonly masterKey: string;
  readonly adminToken: string;
  /** Where a running service says how it is reached. */
  readonly note: string;
  readonly tls: string;
  release(): void;
}

/**
 * Makes the folder if there is none (0700) and locks it.
 *
 * @throws StartError `data_folder_unusable`, `data_folder_in_use`
 */
export function openDataFolder(folder: string): DataFolder {
  const path = resolve(folder);
  try {
    makeFolder(path, 0o700);
    if (!statSync(path).isDirectory()) {
      throw Object.assign(new Error('not a folder'), { code: 'ENOTDIR' });
    }
  } catch (error) {
    throw unusable(path, error);
  }
  const release = held(path);
  return {
    path,
    database: join(path, 'service.db'),
    masterKey: join(path, 'master.key'),
    adminToken: join(path, 'admin.token'),
    note: join(path, 'service.json'),
    tls: join(path, 'tls'),
    release,
  };
}

function held(path: string): () => void {
  let release: (() => void) | undefined;
  try {
    release = lock(join(path, 'lock.db'));
  } catch (error) {
    throw unusable(path, error);
  }
  if (!release) throw inUse(path);
  return release;
}

function unusable(path: string, error: unknown): StartError {
  return new StartError(
    'data_folder_unusable',
    `The data folder ${path} cannot be used (${reasonOf(error)}). Give --data a folder that this user may write to, or one that does not exist yet.`,
    { cause: error },
  );
}

function inUse(path: string): StartError {
  let where = '';
  try {
    const note = JSON.parse(readFileSync(join(path, 'service.json'), 'utf8')) as { endpoint?: unknown };
    where = typeof note.endpoint === 'string' ? ` at ${note.endpoint}` : '';
  } catch {
    // It has not come so far, or is just ending: the sentence does without.
  }
  return new StartError(
    'data_folder_in_use',
    `Another service${where} runs on the data folder ${path}. Stop that one first, or give --data another folder.`,
  );
}

import { basename } from 'node:path';
import { StoreError } from '../store/store-error';
import { lock } from './lock';
import { PRIVATE_MODE, PUBLIC_MODE } from './private-file';
import { reasonOf, StartError } from './start-error';

/** What a backup has besides the database, with its mode. Not the master key, which opens it. */
export const FILES = {
  'admin.token': PRIVATE_MODE,
  'tls/ca.key': PRIVATE_MODE,
  'tls/ca.crt': PUBLIC_MODE,
  'tls/server.key': PRIVATE_MODE,
  'tls/server.crt': PUBLIC_MODE,
} as const;
export const DATABASE = 'service.db';

/**
 * One at a time in a folder: what an earlier one has left that was killed can then be told from what is being written.
 *
 * @throws StartError `backup_running`, `data_folder_unusable`
 */
export function lockBackups(dataDir: string, file: string): () => void {
  let release: (() => void) | undefined;
  try {
    release = lock(file);
  } catch (error) {
    throw new StartError(
      'data_folder_unusable',
      `The data folder ${dataDir} cannot be used (${reasonOf(error)}). Run this as the user of the service: a backup copies the database there first.`,
      { cause: error },
    );
  }
  if (!release) {
    throw new StartError(
      'backup_running',
      `Another backup or restore of the data folder ${dataDir} is running. Wait until it has ended.`,
    );
  }
  return release;
}

/** @throws StartError `backup_unusable` with the system's words */
export function usable<T>(file: string, what: string, step: () => T): T {
  try {
    return step();
  } catch (error) {
    if (error instanceof StartError || error instanceof StoreError) throw error;
    throw new StartError('backup_unusable', `The backup ${basename(file)} cannot be ${what}: ${reasonOf(error)}.`, {
      cause: error,
    });
  }
}

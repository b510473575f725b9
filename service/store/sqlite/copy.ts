import { closeSync, fsyncSync, openSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import Libsql from 'libsql';
import { asStoreError } from './failure';

const BUSY_TIMEOUT_MS = 5_000;

/** Reads by a connection that cannot write; whoever else has the file open goes on. */
export function readingConnection(file: string): Libsql.Database {
  return new Libsql(`${pathToFileURL(file).href}?mode=ro`, { timeout: BUSY_TIMEOUT_MS });
}

/**
 * Copies a database as of one moment, its journal included, while others read and write it. It is on disk when this
 * returns.
 *
 * @param target made with mode 0600; must not exist
 * @throws StoreError `database_unavailable`
 */
export function copy(file: string, target: string): void {
  closeSync(openSync(target, 'wx', 0o600));
  let connection: Libsql.Database | undefined;
  try {
    connection = readingConnection(file);
    connection.prepare('VACUUM INTO ?').run([target]);
    sync(target);
  } catch (error) {
    throw asStoreError(error);
  } finally {
    connection?.close();
  }
}

function sync(file: string): void {
  const descriptor = openSync(file, 'r+');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

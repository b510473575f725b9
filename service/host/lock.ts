import { closeSync, openSync } from 'node:fs';
import Libsql from 'libsql';
import { PRIVATE_MODE } from './private-file';

/**
 * An SQLite file whose exclusive lock is held as long as the process lives:
 * the operating system frees it however the process ends, so none is ever
 * stale, and a number of a process never taken for another's.
 *
 * @returns what frees it; undefined where another process has it
 * @throws what the file system says
 */
export function lock(file: string): (() => void) | undefined {
  closeSync(openSync(file, 'a', PRIVATE_MODE));
  const connection = new Libsql(file, { timeout: 0 });
  try {
    // Without it each start writes a journal beside the file, which is never used.
    connection.prepare('PRAGMA journal_mode = MEMORY').all();
    connection.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    connection.close();
    if (String((error as { code?: unknown }).code).startsWith('SQLITE_BUSY')) return undefined;
    throw error;
  }
  return () => {
    connection.exec('ROLLBACK');
    connection.close();
  };
}

/**
 * SQLite's side of the store: the dialect and the names of its column types.
 * All SQL that only one engine understands lives in a dialect folder; each has
 * the same file names.
 */

import { closeSync, openSync } from 'node:fs';
import { type Dialect, SqliteDialect, sql } from 'kysely';
import type { ColumnTypes } from '../migrations/migration';
import { openConnection } from './connection';

/** @throws the engine's own error: the caller names the file and the cure */
export function sqliteDialect(file: string): Dialect {
  return new SqliteDialect({
    database: async () => {
      // SQLite gives -wal and -shm the mode of the database file, which it would make itself with 0644.
      closeSync(openSync(file, 'a', 0o600));
      return openConnection(file);
    },
  });
}

export const columnTypes: ColumnTypes = {
  bytes: sql`blob`,
  text: 'text',
  integer: 'integer',
  /** Milliseconds since 1970. */
  time: 'integer',
  boolean: 'boolean',
  /** Grows for ever and is never reused, also after deletions. */
  serial: (column) => column.primaryKey().autoIncrement(),
};

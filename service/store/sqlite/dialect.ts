/**
 * SQLite's side of the store: the dialect and the names of its column types.
 * All SQL that only one engine understands lives in a dialect folder; each has
 * the same file names.
 */

import { closeSync, openSync } from 'node:fs';
import {
  type Dialect,
  type Expression,
  type Kysely,
  type SqlBool,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  sql,
} from 'kysely';
import type { ColumnTypes } from '../migrations/migration';
import { StoreError } from '../store-error';
import { openConnection, openSnapshot, type SqliteConnection } from './connection';
import { SqliteDriver } from './driver';
import { nextCount } from './journal';

export { copy } from './copy';
export { inspect } from './inspect';

/**
 * @param onFailure called with the engine's code for each call that the file or its disk made fail
 * @throws StoreError `database_unavailable` from every call whose cause lies in the file, its disk or another program
 */
export function sqliteDialect(file: string, onFailure: (code: string) => void): Dialect {
  const open = () => {
    // SQLite gives -wal and -shm the mode of the database file, which it would make itself with 0644.
    closeSync(openSync(file, 'a', 0o600));
    return openConnection(file);
  };
  return dialectOf(open, onFailure);
}

/** What is read by it is as of one moment, and nothing can be written. */
export const sqliteSnapshot = (file: string): Dialect =>
  dialectOf(
    () => openSnapshot(file),
    () => undefined,
  );

function dialectOf(open: () => SqliteConnection, onFailure: (code: string) => void): Dialect {
  return {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new SqliteDriver({ open, onFailure }),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
}

/** Each page, index and reference that does not fit, in the engine's words; at most a hundred. It names no value. */
export async function faultsOf<Schema>(db: Kysely<Schema>): Promise<string[]> {
  const pages = await sql<{ integrity_check: string }>`PRAGMA integrity_check(100)`.execute(db);
  const references = await sql<{ table: string; rowid: number; parent: string }>`PRAGMA foreign_key_check`.execute(db);
  return [
    ...pages.rows.map((row) => row.integrity_check).filter((text) => text !== 'ok'),
    ...references.rows
      .slice(0, 100)
      .map(({ table, rowid, parent }) => `row ${rowid} of ${table} refers to a row of ${parent} that there is not`),
  ];
}

/**
 * Writes one page, as every commit does, and changes nothing that is stored: to
 * be called in a unit of work. It fails for each reason for which a write
 * fails, and for good once a damaged page was met: damage does not go away.
 *
 * @param failures what the dialect told `onFailure`, counted by code
 */
export async function probe<Schema>(db: Kysely<Schema>, failures: ReadonlyMap<string, number>): Promise<void> {
  if (failures.has('SQLITE_CORRUPT') || failures.has('SQLITE_NOTADB')) {
    throw new StoreError(
      'database_unavailable',
      'The database is damaged: stop the service and restore a backup (docs/service.md).',
    );
  }
  const { rows } = await sql<{ user_version: number }>`PRAGMA user_version`.execute(db);
  await sql.raw(`PRAGMA user_version = ${nextCount(rows[0]!.user_version)}`).execute(db);
}

/**
 * Brings all that was committed into the file and empties the journal, so that nothing that was overwritten is left.
 *
 * @returns false where another program reads the database just now: then the journal stays
 */
export async function emptyJournal<Schema>(db: Kysely<Schema>): Promise<boolean> {
  const { rows } = await sql<{ busy: number }>`PRAGMA wal_checkpoint(TRUNCATE)`.execute(db);
  return rows[0]?.busy === 0;
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

/** GLOB, in which letter case counts; its own other wildcards stand for themselves here. */
export function matches(column: string, pattern: string): Expression<SqlBool> {
  return sql<SqlBool>`${sql.ref(column)} glob ${pattern.replace(/[?[]/g, '[$&]')}`;
}

/** One parameter for all of them: SQLite takes at most 32,766. */
export function isOneOf(column: string, values: readonly string[]): Expression<SqlBool> {
  return sql<SqlBool>`${sql.ref(column)} in (select value from json_each(${JSON.stringify(values)}))`;
}

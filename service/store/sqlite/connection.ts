/**
 * libsql behind the few calls that kysely's SQLite driver makes.
 *
 * Three traps of libsql 0.5 force this file (test/service/store/connection.test.ts):
 * `all` returns blobs as ArrayBuffer; a boolean parameter aborts the whole
 * process; text is cut at a NUL.
 */

import Libsql from 'libsql';

/** What kysely's `SqliteDialect` asks of a database. */
export interface SqliteConnection {
  prepare(sql: string): SqliteStatement;
  close(): void;
}

export interface SqliteStatement {
  readonly reader: boolean;
  all(parameters: readonly unknown[]): unknown[];
  run(parameters: readonly unknown[]): { changes: number; lastInsertRowid: number };
  iterate(parameters: readonly unknown[]): IterableIterator<unknown>;
}

/** How long a statement waits for another process (a backup, a shell) that holds the file, in milliseconds. */
const BUSY_TIMEOUT_MS = 5_000;

/** Compiled statements kept for reuse: more than the service has, so that only generated lists push others out. */
const CACHED_STATEMENTS = 256;

/**
 * Opens the file, makes it if there is none. A transaction is on disk when
 * its commit returns: WAL with `synchronous = FULL`. What is deleted is
 * overwritten in the file.
 */
export function openConnection(file: string): SqliteConnection {
  const connection = new Libsql(file, { timeout: BUSY_TIMEOUT_MS });
  for (const pragma of ['journal_mode = WAL', 'synchronous = FULL', 'foreign_keys = ON', 'secure_delete = ON']) {
    connection.prepare(`PRAGMA ${pragma}`).all();
  }
  const statements = new Map<string, SqliteStatement>();
  return {
    prepare(sql) {
      let statement = statements.get(sql);
      statements.delete(sql);
      statement ??= wrap(connection.prepare(sql));
      statements.set(sql, statement);
      if (statements.size > CACHED_STATEMENTS) {
        statements.delete(statements.keys().next().value as string);
      }
      return statement;
    },
    close() {
      statements.clear();
      connection.close();
    },
  };
}

function wrap(statement: Libsql.Statement): SqliteStatement {
  return {
    reader: statement.reader,
    all: (parameters) => statement.all(parameters.map(toSqlite)).map(fromSqlite),
    run: (parameters) => {
      const { changes, lastInsertRowid } = statement.run(parameters.map(toSqlite));
      return { changes, lastInsertRowid: Number(lastInsertRowid) };
    },
    iterate: () => {
      throw new TypeError('Streams hold the only connection: read pages instead');
    },
  };
}

function toSqlite(value: unknown): unknown {
  switch (typeof value) {
    case 'boolean':
      return value ? 1 : 0;
    case 'string':
      if (value.includes('\0')) {
        throw new TypeError('Text with a NUL cannot be stored: libsql would cut it there');
      }
      return value;
    case 'number':
    case 'bigint':
      return value;
    default:
      if (value === null || value instanceof Uint8Array) {
        return value;
      }
      throw new TypeError(`A ${typeof value} cannot be a parameter of a statement`);
  }
}

function fromSqlite(row: unknown): unknown {
  const columns = row as Record<string, unknown>;
  for (const name in columns) {
    const value = columns[name];
    if (value instanceof ArrayBuffer) {
      columns[name] = Buffer.from(value);
    }
  }
  return columns;
}

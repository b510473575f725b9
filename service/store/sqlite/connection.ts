/**
 * libsql behind the few calls that the driver makes.
 *
 * Three traps of libsql 0.5 force this file (test/service/store/connection.test.ts):
 * `all` returns blobs as ArrayBuffer; a boolean parameter aborts the whole
 * process; text is cut at a NUL.
 */

import Libsql from 'libsql';
import { StoreError } from '../store-error';
import { readingConnection } from './copy';
import { isBusy } from './failure';

export interface SqliteConnection {
  /** False also when SQLite has ended the transaction by itself. */
  readonly inTransaction: boolean;
  prepare(sql: string): SqliteStatement;
  /** Runs one statement without result, and leaves nothing of it open when it fails. */
  exec(sql: string): void;
  close(): void;
}

export interface SqliteStatement {
  /** It has a result. */
  readonly reader: boolean;
  all(parameters: readonly unknown[]): unknown[];
  run(parameters: readonly unknown[]): { changes: number; lastInsertRowid: number };
}

/** Compiled statements kept for reuse: more than the service has, so that only generated lists push others out. */
const CACHED_STATEMENTS = 256;

/**
 * Opens the file, makes it if there is none. A transaction is on disk when
 * its commit returns: WAL with `synchronous = FULL`. What is deleted is
 * overwritten in the file.
 */
export function openConnection(file: string): SqliteConnection {
  const connection = new Libsql(file);
  for (const pragma of ['journal_mode = WAL', 'synchronous = FULL', 'foreign_keys = ON', 'secure_delete = ON']) {
    connection.prepare(`PRAGMA ${pragma}`).all();
  }
  return wrap(connection);
}

/** All that is read by it is as of one moment, whoever writes meanwhile; it cannot write. */
export function openSnapshot(file: string): SqliteConnection {
  const connection = readingConnection(file);
  connection.exec('BEGIN');
  return wrap(connection);
}

function wrap(connection: Libsql.Database): SqliteConnection {
  const statements = new Map<string, SqliteStatement>();
  /** What has failed is compiled anew, unless it was only stopped: to run it again is then what closes it. */
  const guarded = <T>(sql: string, call: () => T): T => {
    try {
      return call();
    } catch (error) {
      if (!isBusy(error)) {
        statements.delete(sql);
      }
      throw error;
    }
  };
  const compile = (sql: string): SqliteStatement => {
    const statement = connection.prepare(sql);
    return {
      reader: statement.reader,
      all: (parameters) => guarded(sql, () => statement.all(parameters.map(toSqlite)).map(fromSqlite)),
      run: (parameters) => {
        const { changes, lastInsertRowid } = guarded(sql, () => statement.run(parameters.map(toSqlite)));
        return { changes, lastInsertRowid: Number(lastInsertRowid) };
      },
    };
  };
  // libsql ends the whole process when a closed connection is asked for something.
  let isOpen = true;
  const requireOpen = () => {
    if (!isOpen) throw new StoreError('database_unavailable', 'The database is closed.');
  };
  return {
    get inTransaction() {
      return isOpen && connection.inTransaction;
    },
    prepare(sql) {
      requireOpen();
      const statement = statements.get(sql) ?? compile(sql);
      statements.delete(sql);
      statements.set(sql, statement);
      if (statements.size > CACHED_STATEMENTS) {
        statements.delete(statements.keys().next().value as string);
      }
      return statement;
    },
    exec(sql) {
      requireOpen();
      connection.exec(sql);
    },
    close() {
      isOpen = false;
      statements.clear();
      connection.close();
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

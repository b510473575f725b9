/**
 * kysely's driver on one connection, in place of its own for three reasons
 * (docs/decisions, "A lock of another program is waited for"):
 *
 * - Its `begin` takes no lock. The first write of a unit then fails at once
 *   when another program has written in between, however long the timeout.
 *   Units begin with `BEGIN IMMEDIATE` here, the one statement that can wait.
 * - SQLite's own timeout stops the whole process while it waits. Here the
 *   waiting lets go of the connection, so that others read in the meantime.
 * - libsql leaves a prepared statement open that another program's lock has
 *   stopped. It then blocks every later commit: what is prepared never begins
 *   a write, and a connection that cannot begin or end a unit is replaced.
 */

import type { CompiledQuery, DatabaseConnection, Driver, QueryResult } from 'kysely';
import { systemClock } from '../../world/clock';
import { sleep } from '../../world/timers';
import { StoreError } from '../store-error';
import type { SqliteConnection } from './connection';
import { asStoreError, isBusy, isUnavailable } from './failure';
import { nextCount } from './journal';
import { Turn } from './turn';

/** How long a unit waits for another process (a backup, a shell) that holds the file, in milliseconds. */
const BUSY_TIMEOUT_MS = 5_000;
const BUSY_RETRY_MS = 10;

/** Statements that a lone query runs as they are: all others begin a unit of their own. */
const READS: ReadonlySet<string> = new Set(['SelectQueryNode', 'RawNode']);

export class SqliteDriver implements Driver {
  readonly #turn = new Turn();
  readonly #open: () => SqliteConnection;
  readonly #onFailure: (code: string) => void;
  #sqlite!: SqliteConnection;
  #inUnit = false;
  /** Since the last commit; after a rollback one commit may count for nothing. */
  #wrote = false;
  /** kysely's view of the connection stays the same, also when the one behind it is replaced. */
  readonly #connection: DatabaseConnection = {
    executeQuery: (query) => this.#execute(query),
    streamQuery: () => {
      throw new TypeError('Streams hold the only connection: read pages instead');
    },
  };

  /** @param options.onFailure called with the engine's code for each call that the file or its disk made fail */
  constructor(options: { open: () => SqliteConnection; onFailure: (code: string) => void }) {
    this.#open = options.open;
    this.#onFailure = options.onFailure;
  }

  async init(): Promise<void> {
    this.#sqlite = this.#open();
  }

  async acquireConnection(): Promise<DatabaseConnection> {
    await this.#turn.take();
    return this.#connection;
  }

  async releaseConnection(): Promise<void> {
    this.#turn.give();
  }

  async beginTransaction(): Promise<void> {
    await this.#patiently(() => {
      try {
        this.#sqlite.exec('BEGIN IMMEDIATE');
      } catch (error) {
        if (isUnavailable(error)) {
          throw error;
        }
        // "Within a transaction": something left one open.
        this.#replace();
        this.#sqlite.exec('BEGIN IMMEDIATE');
      }
    });
    this.#inUnit = true;
  }

  async commitTransaction(): Promise<void> {
    this.#requireUnit();
    try {
      this.#commit();
    } catch (error) {
      if (isBusy(error)) {
        // Whoever has begun with the write lock waits for nobody: a statement of our own was left open.
        this.#replace();
      }
      throw this.#failed(error);
    }
    this.#inUnit = false;
  }

  /** Never throws: whoever rolls back has the error that counts. */
  async rollbackTransaction(): Promise<void> {
    this.#inUnit = false;
    // After some failures (a full disk) SQLite has rolled back already, and would refuse it a second time.
    if (!this.#sqlite.inTransaction) {
      return;
    }
    try {
      this.#sqlite.exec('ROLLBACK');
    } catch (error) {
      this.#failed(error);
      this.#replace();
    }
  }

  async destroy(): Promise<void> {
    this.#sqlite?.close();
  }

  async #execute<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    if (this.#inUnit) {
      this.#requireUnit();
      try {
        return this.#run<R>(query);
      } catch (error) {
        throw this.#failed(error);
      }
    }
    return this.#patiently(() => (READS.has(query.query.kind) ? this.#run<R>(query) : this.#runAlone<R>(query)));
  }

  #run<R>({ sql, parameters, query }: CompiledQuery): QueryResult<R> {
    this.#wrote ||= !READS.has(query.kind);
    const statement = this.#sqlite.prepare(sql);
    if (statement.reader) {
      return { rows: statement.all(parameters) as R[] };
    }
    const { changes, lastInsertRowid } = statement.run(parameters);
    return { rows: [], numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid) };
  }

  #runAlone<R>(query: CompiledQuery): QueryResult<R> {
    this.#sqlite.exec('BEGIN IMMEDIATE');
    try {
      const result = this.#run<R>(query);
      this.#commit();
      return result;
    } catch (error) {
      if (this.#sqlite.inTransaction) {
        this.#sqlite.exec('ROLLBACK');
      }
      throw error;
    }
  }

  /** Counts what has changed something (journal.ts says what for). */
  #commit(): void {
    if (this.#wrote) {
      const [{ user_version }] = this.#sqlite.prepare('PRAGMA user_version').all([]) as [{ user_version: number }];
      this.#sqlite.exec(`PRAGMA user_version = ${nextCount(user_version)}`);
      this.#wrote = false;
    }
    this.#sqlite.exec('COMMIT');
  }

  /** Tries until no other connection is in the way. Between two tries others have the turn. */
  async #patiently<T>(step: () => T): Promise<T> {
    const deadline = systemClock.monotonic() + BUSY_TIMEOUT_MS;
    for (;;) {
      try {
        return step();
      } catch (error) {
        if (!isBusy(error)) {
          throw this.#failed(error);
        }
        if (systemClock.monotonic() >= deadline) {
          const failure = this.#failed(error);
          // If it is a statement or a snapshot of our own that stands in the way, a new connection has none.
          this.#replace();
          throw failure;
        }
      }
      this.#turn.give();
      await sleep(BUSY_RETRY_MS);
      await this.#turn.take();
    }
  }

  /** SQLite may end a unit by itself. What then came after it would be committed statement by statement. */
  #requireUnit(): void {
    if (!this.#sqlite.inTransaction) {
      throw new StoreError('database_unavailable', 'The database has undone this unit of work after a failure.');
    }
  }

  #failed(error: unknown): unknown {
    const code = isUnavailable(error);
    if (code !== undefined) {
      this.#onFailure(code);
    }
    return asStoreError(error);
  }

  /** The old one stays when no new one can be had: it may still read. */
  #replace(): void {
    const old = this.#sqlite;
    try {
      if (old.inTransaction) {
        // Closed with a statement that nobody has collected yet, it would keep its lock.
        old.exec('ROLLBACK');
      }
      this.#sqlite = this.#open();
      old.close();
    } catch (error) {
      this.#failed(error);
    }
  }
}

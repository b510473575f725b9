/**
 * Persistence of the service: the unit of work, the tables as types
 * (`schema/`), migrations, the master key. Engines differ only inside the
 * dialect folders. It knows no vault and no HTTP; it may import kysely, the
 * engines' drivers and nothing of the service.
 */

import { AsyncLocalStorage } from 'node:async_hooks';
import { type Expression, Kysely, type SqlBool } from 'kysely';
import { systemClock } from '../world/clock';
import { migrations as allMigrations } from './migrations/list';
import { isDriverKnown, migrate, requireNewest } from './migrations/migrate';
import type { Migration } from './migrations/migration';
import type { Schema } from './schema/schema';

import {
  columnTypes,
  copy,
  emptyJournal,
  faultsOf,
  inspect,
  isOneOf,
  matches,
  probe,
  sqliteDialect,
  sqliteSnapshot,
} from './sqlite/dialect';

import { StoreError } from './store-error';

export interface Database {
  /**
   * The queries of the current unit of work: inside `transaction` they belong
   * to it, elsewhere each stands for itself. Never keep it in a variable that
   * outlives a call: the only connection would wait for itself.
   */
  readonly db: Kysely<Schema>;
  /**
   * Runs `work` as one unit: all of it is on disk when this returns, or
   * nothing if it throws. A call inside another's `work` joins that one, and
   * an error then undoes the whole, so let it through. Units run one after
   * another, and reads outside wait for them: do no slow work inside.
   *
   * @throws StoreError `database_unavailable` when the file or its disk fails, or another program holds it for 5 s
   */
  transaction<T>(work: () => Promise<T>): Promise<T>;
  /**
   * Runs reads that take turns with others and see the database as of one moment, however much they read. Inside a
   * unit of work they belong to it, and whoever waits for that waits.
   *
   * @throws StoreError `database_unavailable`
   */
  reading<T>(work: () => Promise<T>): Promise<T>;
  /**
   * Brings the tables of a vault's driver to their newest version. They are its own: named `<driver>_…`, and listed
   * beside it.
   *
   * @throws StoreError `database_newer`, `database_foreign`; nothing was changed then
   */
  migrateDriver(driver: string, migrations: readonly Migration[]): Promise<void>;
  /** Writes to the disk and changes nothing. @throws StoreError `database_unavailable` as long as nothing can be written */
  probe(): Promise<void>;
  /**
   * Leaves nothing of what was overwritten or deleted in the files. Outside of transactions.
   *
   * @returns false if another program reads the database just now: then something may be left
   */
  emptyJournal(): Promise<boolean>;
  /** How often the file, its disk or another program made a call fail, by the engine's code. Never a file or a value in it. */
  readonly failures: ReadonlyMap<string, number>;
  /** Whether the text of a column is of a pattern in which `*` stands for any text; letter case counts. */
  matches(column: string, pattern: string): Expression<SqlBool>;
  /** Whether the text of a column is one of these, however many they are. */
  isOneOf(column: string, values: readonly string[]): Expression<SqlBool>;
  close(): Promise<void>;
}

interface Unit {
  readonly db: Kysely<Schema>;
  failed: boolean;
  ended: boolean;
}

/**
 * Opens the database and brings it to the newest version.
 *
 * @param options.file made with mode 0600 if there is none; its folder must exist
 * @param options.onNew called before an empty database is made or filled; may refuse that by throwing
 * @throws StoreError `database_newer`, `database_foreign`, `database_damaged`, `database_unavailable`; nothing was changed then
 */
export async function openDatabase(options: {
  file: string;
  migrations?: readonly Migration[];
  now?: () => number;
  onNew?: () => void;
}): Promise<Database> {
  const { file, migrations = allMigrations, now = systemClock.now, onNew } = options;
  if (look(file) === 'empty') {
    onNew?.();
  }
  const failures = new Map<string, number>();
  const dialect = sqliteDialect(file, (code) => failures.set(code, (failures.get(code) ?? 0) + 1));
  const root = new Kysely<Schema>({ dialect });
  try {
    await migrate(root, { file, migrations, types: columnTypes, now });
  } catch (error) {
    await root.destroy().catch(() => undefined);
    throw cannotOpen(file, error);
  }

  const units = new AsyncLocalStorage<Unit>();
  /** Work that was started in a unit and outlives it (a timer) stands for itself. */
  const current = (): Unit | undefined => {
    const unit = units.getStore();
    return unit?.ended ? undefined : unit;
  };
  const database: Database = {
    get db() {
      return current()?.db ?? root;
    },
    failures,
    probe: () => database.transaction(() => probe(database.db, failures)),
    async transaction(work) {
      const outer = current();
      if (outer) {
        try {
          return await work();
        } catch (error) {
          outer.failed = true;
          throw error;
        }
      }
      return root.transaction().execute(async (transaction) => {
        const unit: Unit = { db: transaction, failed: false, ended: false };
        try {
          const result = await units.run(unit, work);
          if (unit.failed) {
            throw new Error('A part of this transaction failed: it cannot be committed');
          }
          return result;
        } finally {
          unit.ended = true;
        }
      });
    },
    async reading(work) {
      if (current()) return work();
      const db = new Kysely<Schema>({ dialect: sqliteSnapshot(file) });
      const unit: Unit = { db, failed: false, ended: false };
      try {
        return await units.run(unit, work);
      } finally {
        unit.ended = true;
        await db.destroy();
      }
    },
    migrateDriver: (driver, own) => migrate(root, { file, migrations: own, types: columnTypes, now, driver }),
    emptyJournal: () => emptyJournal(root),
    matches,
    isOneOf,
    close: () => root.destroy(),
  };
  return database;
}

/**
 * Copies a database as of one moment; whoever has it open goes on.
 *
 * @param target must not exist
 * @throws StoreError `database_unavailable`
 */
export const copyDatabase = (file: string, target: string): void => copy(file, target);

/** A database as of one moment, to be looked at. */
export interface Snapshot {
  readonly db: Kysely<Schema>;
  /**
   * Whether there are tables of a driver, and then that they are those of its migrations.
   *
   * @throws StoreError `database_newer`, `database_older`, `database_foreign`
   */
  hasDriver(driver: string, migrations: readonly Migration[]): Promise<boolean>;
  /** What does not fit together in pages, indexes and references, in the engine's words. It reads the whole file. */
  faults(): Promise<string[]>;
  close(): Promise<void>;
}

/**
 * Opens a database without being able to change it; whoever has it open goes on.
 *
 * @param options.anyVersion tables may be those of another version of this program
 * @throws StoreError `database_damaged`, `database_unavailable`, `database_newer`, `database_older`, `database_foreign`
 */
export async function openSnapshot(file: string, options: { anyVersion?: boolean } = {}): Promise<Snapshot> {
  if (look(file) === 'empty') {
    throw new StoreError(
      'database_damaged',
      `The database ${file} is missing or empty. Restore a backup as docs/service.md says.`,
    );
  }
  const db = new Kysely<Schema>({ dialect: sqliteSnapshot(file) });
  try {
    if (!options.anyVersion) await requireNewest(db, { file, migrations: allMigrations });
  } catch (error) {
    await db.destroy().catch(() => undefined);
    throw cannotOpen(file, error);
  }
  return {
    db,
    async hasDriver(driver, own) {
      if (!(await isDriverKnown(db, driver))) return false;
      await requireNewest(db, { file, migrations: own, driver });
      return true;
    },
    faults: () => faultsOf(db),
    close: () => db.destroy(),
  };
}

function look(file: string): 'empty' | 'filled' {
  try {
    return inspect(file);
  } catch (error) {
    throw cannotOpen(file, error);
  }
}

function cannotOpen(file: string, error: unknown): StoreError {
  if (error instanceof StoreError && error.code !== 'database_unavailable') {
    return error;
  }
  return new StoreError(
    'database_unavailable',
    `The database ${file} cannot be opened: ${(error as Error).message}. Check that its folder exists, that this user may write there and that the disk is not full.`,
    { cause: error },
  );
}

import type { Kysely } from 'kysely';
import { StoreError } from '../store-error';
import type { ColumnTypes, Migration } from './migration';

interface MigrationsSchema {
  schema_migrations: { version: number; name: string; applied_at: number };
}

/**
 * Brings the database to the newest version that this program knows.
 *
 * @throws StoreError `database_newer` for one that a newer program has written; nothing is changed then
 */
export async function migrate<Schema>(
  database: Kysely<Schema>,
  options: {
    file: string;
    migrations: readonly Migration[];
    types: ColumnTypes;
    now: () => number;
    /** Whose tables they make. @default the service's, and the embedded vault's of before drivers had their own */
    driver?: string;
  },
): Promise<void> {
  const db = database as unknown as Kysely<MigrationsSchema>;
  const { migrations, types } = options;
  const table = tableOf(options.driver);
  await db.schema
    .createTable(table)
    .ifNotExists()
    .addColumn('version', types.integer, (column) => column.primaryKey())
    .addColumn('name', types.text, (column) => column.notNull())
    .addColumn('applied_at', types.time, (column) => column.notNull())
    .execute();

  const applied = await appliedTo(db, table);
  refuseOthers(applied, options);

  for (const [index, migration] of migrations.entries()) {
    if (index < applied.length) {
      continue;
    }
    await db.transaction().execute(async (transaction) => {
      await migration.up(transaction as unknown as Kysely<unknown>, types);
      await transaction
        .insertInto(table)
        .values({ version: index + 1, name: migration.name, applied_at: options.now() })
        .execute();
    });
  }
}

/**
 * For whoever changes nothing.
 *
 * @throws StoreError `database_newer`, `database_foreign`, `database_older` for any other version than the newest
 */
export async function requireNewest<Schema>(
  database: Kysely<Schema>,
  options: { file: string; migrations: readonly Migration[]; driver?: string },
): Promise<void> {
  const applied = await appliedTo(database as unknown as Kysely<MigrationsSchema>, tableOf(options.driver));
  refuseOthers(applied, options);
  if (applied.length < options.migrations.length) {
    throw new StoreError(
      'database_older',
      `The database ${options.file} has version ${applied.length} of ${options.migrations.length}: an older ksm-iac has written it. Nothing was changed. Use that one here, or start the service once with this one, which brings it to the newest version.`,
    );
  }
}

/** Whether a driver has ever made tables in this database. */
export async function isDriverKnown<Schema>(database: Kysely<Schema>, driver: string): Promise<boolean> {
  const tables = await database.introspection.getTables();
  return tables.some(({ name }) => name === tableOf(driver));
}

/** Typed as the one table that they all look like. */
const tableOf = (driver: string | undefined) =>
  (driver === undefined ? 'schema_migrations' : `${driver}_migrations`) as 'schema_migrations';

const appliedTo = (db: Kysely<MigrationsSchema>, table = tableOf(undefined)) =>
  db.selectFrom(table).select(['version', 'name']).orderBy('version').execute();

function refuseOthers(
  applied: readonly { version: number; name: string }[],
  { file, migrations }: { file: string; migrations: readonly Migration[] },
): void {
  if (applied.length > migrations.length) {
    throw new StoreError(
      'database_newer',
      `The database ${file} has version ${applied.length} (${applied.at(-1)?.name}), and this ksm-iac knows versions up to ${migrations.length}: a newer ksm-iac has written it. Nothing was changed. Start a ksm-iac at least as new as the one that wrote it, or use another data folder.`,
    );
  }
  for (const [index, { version, name }] of applied.entries()) {
    const expected = migrations[index]?.name;
    if (version !== index + 1 || name !== expected) {
      throw new StoreError(
        'database_foreign',
        `The database ${file} has step ${version} "${name}" where this ksm-iac has step ${index + 1} "${expected}": another program or a build of another branch has written it. Nothing was changed. Use another data folder, or the build that made this one.`,
      );
    }
  }
}

import type { Migration } from './migration';

/**
 * Names of folders and records in columns of their own, found without opening
 * contents; the vault fills them when it opens, since only it has the keys.
 * Devices that were bound by the service. Indexes by which content is deleted.
 */
export const namesAndConfigurations: Migration = {
  name: '0004_names_and_configurations',
  async up(db, types) {
    for (const table of ['folders', 'records'] as const) {
      await db.schema.alterTable(table).addColumn('sealed_name', types.bytes).execute();
      await db.schema.alterTable(table).addColumn('name_hash', types.bytes).execute();
      await db.schema.createIndex(`${table}_by_name`).on(table).column('name_hash').execute();
    }
    await db.schema.createIndex('folders_by_parent').on('folders').column('parent_uid').execute();
    await db.schema.createIndex('records_by_folder').on('records').column('folder_uid').execute();
    await db.schema.createIndex('grants_by_secret').on('grants').column('secret_uid').execute();
    await db.schema
      .alterTable('client_devices')
      .addColumn('initialization', types.text, (column) => column.notNull().defaultTo('token'))
      .execute();
  },
};

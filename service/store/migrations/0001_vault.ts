import type { Migration } from './migration';

/** The embedded vault: keys, applications, content, grants, devices. */
export const vault: Migration = {
  name: '0001_vault',
  async up(db, types) {
    await db.schema
      .createTable('settings')
      .addColumn('name', types.text, (column) => column.primaryKey())
      .addColumn('value', types.bytes, (column) => column.notNull())
      .execute();

    await db.schema
      .createTable('vault_keys')
      .addColumn('name', types.text, (column) => column.primaryKey())
      .addColumn('key_id', types.integer, (column) => column.notNull())
      .addColumn('public_key', types.bytes, (column) => column.notNull())
      .addColumn('private_key', types.bytes, (column) => column.notNull())
      .execute();

    await db.schema
      .createTable('applications')
      .addColumn('position', types.integer, types.serial)
      .addColumn('uid', types.text, (column) => column.notNull().unique())
      .addColumn('name', types.text, (column) => column.notNull())
      .addColumn('name_key', types.text, (column) => column.notNull().unique())
      .addColumn('app_key', types.bytes, (column) => column.notNull())
      .addColumn('app_data', types.bytes, (column) => column.notNull())
      .addColumn('created_at', types.time, (column) => column.notNull())
      .execute();

    await db.schema
      .createTable('folders')
      .addColumn('position', types.integer, types.serial)
      .addColumn('uid', types.text, (column) => column.notNull().unique())
      .addColumn('parent_uid', types.text, (column) => column.references('folders.uid'))
      .addColumn('shared_folder_uid', types.text, (column) => column.notNull())
      .addColumn('folder_key', types.bytes, (column) => column.notNull())
      .addColumn('folder_data', types.bytes, (column) => column.notNull())
      .execute();
    await db.schema.createIndex('folders_by_shared_folder').on('folders').column('shared_folder_uid').execute();

    await db.schema
      .createTable('records')
      .addColumn('position', types.integer, types.serial)
      .addColumn('uid', types.text, (column) => column.notNull().unique())
      .addColumn('folder_uid', types.text, (column) => column.references('folders.uid'))
      .addColumn('shared_folder_uid', types.text, (column) => column.references('folders.uid'))
      .addColumn('record_key', types.bytes, (column) => column.notNull())
      .addColumn('record_data', types.bytes, (column) => column.notNull())
      .addColumn('revision', types.integer, (column) => column.notNull())
      .execute();
    await db.schema.createIndex('records_by_shared_folder').on('records').column('shared_folder_uid').execute();

    await db.schema
      .createTable('grants')
      .addColumn('position', types.integer, types.serial)
      .addColumn('application_uid', types.text, (column) =>
        column.notNull().references('applications.uid').onDelete('cascade'),
      )
      .addColumn('secret_uid', types.text, (column) => column.notNull())
      .addColumn('kind', types.text, (column) => column.notNull())
      .addColumn('editable', types.boolean, (column) => column.notNull())
      .addColumn('secret_key', types.bytes, (column) => column.notNull())
      .addColumn('created_at', types.time, (column) => column.notNull())
      .addUniqueConstraint('grants_once', ['application_uid', 'secret_uid'])
      .execute();

    await db.schema
      .createTable('client_devices')
      .addColumn('position', types.integer, types.serial)
      .addColumn('client_id', types.text, (column) => column.notNull().unique())
      .addColumn('application_uid', types.text, (column) =>
        column.notNull().references('applications.uid').onDelete('cascade'),
      )
      .addColumn('kind', types.text, (column) => column.notNull())
      .addColumn('name', types.text, (column) => column.notNull())
      .addColumn('ip_lock', types.boolean, (column) => column.notNull())
      .addColumn('encrypted_app_key', types.bytes, (column) => column.notNull())
      .addColumn('created_at', types.time, (column) => column.notNull())
      .addColumn('token_expires_at', types.time, (column) => column.notNull())
      .addColumn('access_expires_at', types.time)
      .addColumn('public_key', types.bytes)
      .addColumn('ip_address', types.text)
      .addColumn('first_access_at', types.time)
      .addColumn('last_access_at', types.time)
      .addColumn('gateway_uid', types.text)
      .execute();
    await db.schema
      .createIndex('client_devices_by_application')
      .on('client_devices')
      .columns(['application_uid', 'kind'])
      .execute();
  },
};

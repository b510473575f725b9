import type { Migration } from './migration';

/** What the service keeps for itself, whichever vault it stands on: tokens, idempotency, runs, audit. */
export const service: Migration = {
  name: '0002_service',
  async up(db, types) {
    await db.schema
      .createTable('api_tokens')
      .addColumn('id', types.text, (column) => column.primaryKey())
      .addColumn('name', types.text, (column) => column.notNull())
      .addColumn('scope', types.text, (column) => column.notNull())
      .addColumn('hash', types.bytes, (column) => column.notNull().unique())
      .addColumn('created_at', types.time, (column) => column.notNull())
      .addColumn('expires_at', types.time)
      .execute();

    await db.schema
      .createTable('runs')
      .addColumn('id', types.text, (column) => column.primaryKey())
      .addColumn('principal_id', types.text, (column) => column.notNull())
      .addColumn('state', types.text, (column) => column.notNull())
      .addColumn('created_at', types.time, (column) => column.notNull())
      .addColumn('expires_at', types.time, (column) => column.notNull())
      .addColumn('revoked', types.text)
      .execute();

    await db.schema
      .createTable('run_items')
      .addColumn('item_id', types.text, (column) => column.primaryKey())
      .addColumn('run_id', types.text, (column) => column.notNull().references('runs.id'))
      .addColumn('kind', types.text, (column) => column.notNull())
      .addColumn('created_at', types.time, (column) => column.notNull())
      .execute();
    await db.schema.createIndex('run_items_run_id').on('run_items').column('run_id').execute();

    await db.schema
      .createTable('idempotency')
      .addColumn('lookup', types.bytes, (column) => column.primaryKey())
      .addColumn('request', types.bytes, (column) => column.notNull())
      .addColumn('replay', types.bytes, (column) => column.notNull())
      .addColumn('run_id', types.text)
      .addColumn('expires_at', types.time, (column) => column.notNull())
      .execute();
    await db.schema.createIndex('idempotency_run_id').on('idempotency').column('run_id').execute();
    await db.schema.createIndex('idempotency_expires_at').on('idempotency').column('expires_at').execute();

    await db.schema
      .createTable('audit_events')
      .addColumn('id', types.integer, types.serial)
      .addColumn('at', types.time, (column) => column.notNull())
      .addColumn('action', types.text, (column) => column.notNull())
      .addColumn('target', types.text)
      .addColumn('name', types.text)
      .addColumn('principal', types.text)
      .addColumn('run_id', types.text)
      .addColumn('request_id', types.text)
      .execute();
  },
};

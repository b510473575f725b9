import type { Migration } from './migration';

/** Changes that a vault over a network is asked for, before it is asked: what stands here at a start was interrupted. */
export const intents: Migration = {
  name: '0006_intents',
  async up(db, types) {
    await db.schema
      .createTable('intents')
      .addColumn('operation_id', types.text, (column) => column.primaryKey())
      .addColumn('place', types.text, (column) => column.notNull())
      .addColumn('mutation', types.text, (column) => column.notNull())
      .addColumn('body', types.bytes, (column) => column.notNull())
      .addColumn('progress', types.bytes)
      .addColumn('lookup', types.bytes)
      .addColumn('request', types.bytes)
      .addColumn('run_id', types.text)
      .addColumn('started_at', types.time, (column) => column.notNull())
      .addColumn('owner', types.text)
      .addColumn('owner_until', types.time, (column) => column.notNull())
      .addColumn('item_id', types.text)
      .execute();
    await db.schema.createIndex('intents_by_place').on('intents').column('place').execute();
    await db.schema.createIndex('intents_by_lookup').on('intents').column('lookup').execute();
  },
};

import type { Migration } from './migration';

/** Applications that were deleted with more in them than goes in one piece: dead from then on, their rows go later. */
export const endedApplications: Migration = {
  name: '0005_ended_applications',
  async up(db, types) {
    await db.schema
      .createTable('ended_applications')
      .addColumn('application_id', types.text, (column) => column.primaryKey())
      .addColumn('ended_by', types.text, (column) => column.notNull())
      .addColumn('ended_at', types.time, (column) => column.notNull())
      .execute();
  },
};

import type { ColumnDataType, ColumnDefinitionBuilder, Kysely, RawBuilder } from 'kysely';

type ColumnType = ColumnDataType | RawBuilder<unknown>;

/** What a dialect calls the types that tables are made of. */
export interface ColumnTypes {
  readonly bytes: ColumnType;
  readonly text: ColumnType;
  readonly integer: ColumnType;
  readonly time: ColumnType;
  readonly boolean: ColumnType;
  readonly serial: (column: ColumnDefinitionBuilder) => ColumnDefinitionBuilder;
}

/** One step of the database's shape. Once released it never changes; a correction is another migration. */
export interface Migration {
  /** `NNNN_name`, as the file is called. */
  readonly name: string;
  /** Runs in a transaction together with the note that it ran. Never drops what a user stored. */
  up(db: Kysely<unknown>, types: ColumnTypes): Promise<void>;
}

/**
 * What Keeper does not tell of devices and gateways, kept by us: when an unused token ends, how its credential was handed
 * out, and gateways that have not initialised, which no list of Keeper's shows. Never a token.
 */

import type { Kysely } from 'kysely';
import type { Database } from '../../store/database';
import type { Migration } from '../../store/migrations/migration';

export interface ClientNoteRow {
  client_id: string;
  application_id: string;
  kind: 'device' | 'gateway';
  name: string;
  initialization: 'token' | 'config';
  hostname: string | null;
  created_at: number;
  /** Null: it has none, or it is a configuration. */
  token_expires_at: number | null;
  /** As we asked for it; Keeper tells it in whole seconds. */
  access_expires_at: number | null;
  /** Of a gateway, since it was first listed. */
  gateway_uid: string | null;
  /** JSON array: of a gateway, those of its name that were listed before it was made. */
  other_uids: string | null;
}

/** What a lost reply may have left (`../suspect.ts`). */
export interface SuspectRow {
  item_id: string;
  kind: 'client_device' | 'gateway';
  name: string;
  operation_id: string;
  principal: string;
  run_id: string | null;
  created_at: number;
  ends_at: number | null;
}

/** One that we made, or took over. */
export interface ApplicationNoteRow {
  uid: string;
  created_at: number;
}

export interface CommanderTables {
  commander_clients: ClientNoteRow;
  commander_applications: ApplicationNoteRow;
  commander_suspects: SuspectRow;
}

export const DRIVER = 'commander';

export const migrations: readonly Migration[] = [
  {
    name: '0001_clients',
    async up(db, types) {
      await db.schema
        .createTable('commander_applications')
        .addColumn('uid', types.text, (column) => column.primaryKey())
        .addColumn('created_at', types.time, (column) => column.notNull())
        .execute();
      await db.schema
        .createTable('commander_clients')
        .addColumn('client_id', types.text, (column) => column.primaryKey())
        .addColumn('application_id', types.text, (column) => column.notNull())
        .addColumn('kind', types.text, (column) => column.notNull())
        .addColumn('name', types.text, (column) => column.notNull())
        .addColumn('initialization', types.text, (column) => column.notNull())
        .addColumn('hostname', types.text)
        .addColumn('created_at', types.time, (column) => column.notNull())
        .addColumn('token_expires_at', types.time)
        .addColumn('access_expires_at', types.time)
        .addColumn('gateway_uid', types.text)
        .execute();
      await db.schema
        .createIndex('commander_clients_by_application')
        .on('commander_clients')
        .columns(['application_id', 'kind'])
        .execute();
    },
  },
  {
    name: '0002_suspects',
    async up(db, types) {
      await db.schema.alterTable('commander_clients').addColumn('other_uids', types.text).execute();
      await db.schema
        .createTable('commander_suspects')
        .addColumn('item_id', types.text, (column) => column.primaryKey())
        .addColumn('kind', types.text, (column) => column.notNull())
        .addColumn('name', types.text, (column) => column.notNull())
        .addColumn('operation_id', types.text, (column) => column.notNull())
        .addColumn('principal', types.text, (column) => column.notNull())
        .addColumn('run_id', types.text)
        .addColumn('created_at', types.time, (column) => column.notNull())
        .addColumn('ends_at', types.time)
        .execute();
      await db.schema.createIndex('commander_suspects_by_end').on('commander_suspects').column('ends_at').execute();
    },
  },
];

export type ClientNotes = ReturnType<typeof clientNotes>;

export function clientNotes(database: Database) {
  const db = () => database.db as unknown as Kysely<CommanderTables>;
  return {
    async put(row: ClientNoteRow): Promise<void> {
      await db()
        .insertInto('commander_clients')
        .values(row)
        .onConflict((conflict) => conflict.column('client_id').doUpdateSet(row))
        .execute();
    },
    async initialised(clientId: string, gatewayUid: string): Promise<void> {
      await db()
        .updateTable('commander_clients')
        .set({ gateway_uid: gatewayUid })
        .where('client_id', '=', clientId)
        .execute();
    },
    async renamed(clientId: string, name: string): Promise<void> {
      await db().updateTable('commander_clients').set({ name }).where('client_id', '=', clientId).execute();
    },
    in: (applicationId: string, kind: ClientNoteRow['kind']): Promise<ClientNoteRow[]> =>
      db()
        .selectFrom('commander_clients')
        .selectAll()
        .where('application_id', '=', applicationId)
        .where('kind', '=', kind)
        .orderBy('created_at')
        .execute(),
    async forget(clientIds: readonly string[]): Promise<void> {
      if (clientIds.length === 0) return;
      await db().deleteFrom('commander_clients').where('client_id', 'in', clientIds).execute();
    },
    /** Of these, whatever application they are in. */
    known: async (clientIds: readonly string[]): Promise<ReadonlySet<string>> => {
      const rows = await db()
        .selectFrom('commander_clients')
        .select('client_id')
        .where('client_id', 'in', clientIds)
        .execute();
      return new Set(rows.map(({ client_id }) => client_id));
    },
    async made(uid: string, created_at: number): Promise<void> {
      await db()
        .insertInto('commander_applications')
        .values({ uid, created_at })
        .onConflict((conflict) => conflict.column('uid').doNothing())
        .execute();
    },
    /** When it was made, of those that we made. */
    async madeAt(uid: string): Promise<number | null> {
      const row = await db()
        .selectFrom('commander_applications')
        .select('created_at')
        .where('uid', '=', uid)
        .executeTakeFirst();
      return row?.created_at ?? null;
    },
    async allMade(): Promise<ReadonlyMap<string, number>> {
      const rows = await db().selectFrom('commander_applications').selectAll().execute();
      return new Map(rows.map(({ uid, created_at }) => [uid, created_at]));
    },
    async unmade(uid: string): Promise<void> {
      await db().deleteFrom('commander_applications').where('uid', '=', uid).execute();
    },
    /** Whoever says that it is the same vault says that what is gone is gone. */
    async forgetMade(): Promise<void> {
      await db().deleteFrom('commander_applications').execute();
    },
    async forgetApplication(applicationId: string): Promise<void> {
      await db().deleteFrom('commander_clients').where('application_id', '=', applicationId).execute();
    },
  };
}

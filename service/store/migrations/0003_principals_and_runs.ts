import { type Kysely, sql } from 'kysely';
import type { Migration } from './migration';

/**
 * Principals apart from their tokens, runs whose items have a state, audit
 * events that say who and what, and the generations of grants.
 *
 * A token of before becomes a token of the principal of its name. Where two
 * tokens had one name and different scopes, the later one's principal is
 * called `<name> (<id of the token>)`: a name belongs to one scope.
 */
export const principalsAndRuns: Migration = {
  name: '0003_principals_and_runs',
  async up(db, types) {
    await db.schema
      .createTable('principals')
      .addColumn('id', types.text, (column) => column.primaryKey())
      .addColumn('name', types.text, (column) => column.notNull().unique())
      .addColumn('scope', types.text, (column) => column.notNull())
      .addColumn('applications', types.text)
      .addColumn('secrets', types.text)
      .addColumn('allow_edit', types.boolean, (column) => column.notNull())
      .addColumn('created_at', types.time, (column) => column.notNull())
      .execute();
    await principalsOfTokens(db as Kysely<Before>);
    await db.schema
      .createTable('tokens')
      .addColumn('id', types.text, (column) => column.primaryKey())
      .addColumn('principal_id', types.text, (column) => column.notNull().references('principals.id'))
      .addColumn('hash', types.bytes, (column) => column.notNull().unique())
      .addColumn('created_at', types.time, (column) => column.notNull())
      .addColumn('expires_at', types.time)
      .execute();
    await sql`
      insert into tokens (id, principal_id, hash, created_at, expires_at)
      select id, principal_id, hash, created_at, expires_at from api_tokens_of_before`.execute(db);
    // A run belonged to a token; now it belongs to the token's principal.
    await sql`
      update runs set principal_id = (select principal_id from api_tokens_of_before where id = runs.principal_id)
      where principal_id in (select id from api_tokens_of_before)`.execute(db);
    await db.schema.dropTable('api_tokens_of_before').execute();
    await db.schema.dropTable('api_tokens').execute();
    await db.schema.alterTable('tokens').renameTo('api_tokens').execute();
    await db.schema.createIndex('api_tokens_principal_id').on('api_tokens').column('principal_id').execute();

    await db.schema.alterTable('runs').addColumn('revoked_total', types.integer).execute();
    await db.schema.alterTable('runs').addColumn('ended_at', types.time).execute();
    await db.schema.createIndex('runs_by_state').on('runs').columns(['state', 'expires_at']).execute();
    const items = db.schema.alterTable('run_items');
    await items.addColumn('state', types.text, (column) => column.notNull().defaultTo('open')).execute();
    await items.addColumn('initialization', types.text).execute();
    await items.addColumn('ephemeral', types.boolean, (column) => column.notNull().defaultTo(false)).execute();
    await items.addColumn('ends_at', types.time).execute();
    await items.addColumn('read_elsewhere', types.boolean, (column) => column.notNull().defaultTo(false)).execute();
    await itemsOfBefore(db);
    await db.schema.createIndex('run_items_by_state').on('run_items').columns(['state', 'ends_at']).execute();

    const audit = db.schema.alterTable('audit_events');
    await audit.addColumn('outcome', types.text, (column) => column.notNull().defaultTo('done')).execute();
    await audit.addColumn('actor', types.text, (column) => column.notNull().defaultTo('token')).execute();
    for (const name of ['principal_id', 'before', 'after', 'reason'] as const) {
      await audit.addColumn(name, types.text).execute();
    }
    await audit.addColumn('sealed_name', types.bytes).execute();
    await sql`update audit_events set actor = 'device' where action in ('client_device.bind', 'gateway.bind')`.execute(
      db,
    );
    await db.schema.createIndex('audit_events_by_target').on('audit_events').column('target').execute();

    await db.schema
      .createTable('grant_generations')
      .addColumn('item_id', types.text, (column) => column.primaryKey())
      .addColumn('generation', types.text, (column) => column.notNull())
      .execute();
  },
};

/**
 * A settle of before revoked devices and gateways alone. Applications and grants that it left are somebody's; what a
 * settled run leaves open is dead from now on, so their rows go. Every credential of before was a one-time token.
 */
async function itemsOfBefore(db: Kysely<unknown>): Promise<void> {
  await sql`delete from run_items where run_id in (select id from runs where state = 'settled')`.execute(db);
  // Behind the 22 characters of the application's UID and a slash comes the client id.
  await sql`
    update run_items set initialization = 'token',
      ends_at = (select token_expires_at from client_devices where client_id = substr(run_items.item_id, 24))
    where kind in ('client_device', 'gateway')`.execute(db);
}

interface Before {
  api_tokens: { id: string; name: string; scope: string; created_at: number };
  api_tokens_of_before: never;
  principals: {
    id: string;
    name: string;
    scope: string;
    applications: null;
    secrets: null;
    allow_edit: number;
    created_at: number;
  };
}

async function principalsOfTokens(db: Kysely<Before>): Promise<void> {
  await sql`create table api_tokens_of_before as select *, id as principal_id from api_tokens`.execute(db);
  const tokens = await db
    .selectFrom('api_tokens')
    .select(['id', 'name', 'scope', 'created_at'])
    .orderBy('created_at')
    .orderBy('id')
    .execute();
  const principals = new Map<string, { id: string; scope: string }>();
  for (const { id, name, scope, created_at } of tokens) {
    const known = principals.get(name);
    if (known?.scope === scope) {
      await sql`update api_tokens_of_before set principal_id = ${known.id} where id = ${id}`.execute(db);
      continue;
    }
    const principal = { id, name: known ? `${name} (${id})` : name, scope, created_at };
    principals.set(principal.name, { id, scope });
    await db
      .insertInto('principals')
      .values({ ...principal, applications: null, secrets: null, allow_edit: 0 })
      .execute();
  }
}

import type { Kysely } from 'kysely';
import { KsmError } from '../../contract/errors';
import type { Schema } from '../store/schema/schema';
import type { PrincipalRow } from '../store/schema/service';
import { randomId } from '../world/random-id';
import type { Limits, Scope } from './caller';

/** The limits of a stored principal. */
export function limitsOf({ applications, secrets, allow_edit }: PrincipalRow): Limits {
  return {
    applications: applications === null ? null : (JSON.parse(applications) as string[]),
    secrets: secrets === null ? null : (JSON.parse(secrets) as string[]),
    allowEdit: Boolean(allow_edit),
  };
}

/**
 * The principal of this name, made if there is none. One without a token that still works takes the new scope and
 * limits: it keeps its id, and with it its runs.
 *
 * @throws KsmError `principal_exists` where it has another scope or other limits: a name is one principal
 */
export async function ensurePrincipal(
  db: Kysely<Schema>,
  { name, scope, limits }: { name: string; scope: Scope; limits: Limits },
  now: number,
): Promise<PrincipalRow> {
  const row: PrincipalRow = {
    id: randomId(),
    name,
    scope,
    applications: canonical(limits.applications),
    secrets: canonical(limits.secrets),
    allow_edit: limits.allowEdit,
    created_at: now,
  };
  const known = await db.selectFrom('principals').selectAll().where('name', '=', name).executeTakeFirst();
  if (!known) {
    await db.insertInto('principals').values(row).execute();
    return row;
  }
  const same =
    known.scope === row.scope &&
    known.applications === row.applications &&
    known.secrets === row.secrets &&
    Boolean(known.allow_edit) === row.allow_edit;
  if (same) return known;
  const living = await db
    .selectFrom('api_tokens')
    .select('id')
    .where('principal_id', '=', known.id)
    .where(({ or, eb }) => or([eb('expires_at', 'is', null), eb('expires_at', '>', now)]))
    .executeTakeFirst();
  if (living) {
    throw new KsmError(
      'principal_exists',
      `There is a principal "${name}" already, of the scope "${known.scope}"${describe(limitsOf(known))}. A further token of that name must have the same scope and limits; choose another name for another one.`,
    );
  }
  // Those that have ended would be listed with a scope that they never had.
  await db.deleteFrom('api_tokens').where('principal_id', '=', known.id).execute();
  const { scope: newScope, applications, secrets, allow_edit } = row;
  const changed = { scope: newScope, applications, secrets, allow_edit };
  await db.updateTable('principals').set(changed).where('id', '=', known.id).execute();
  return { ...known, ...changed };
}

/** The order in which limits are given does not matter. */
const canonical = (values: readonly string[] | null): string | null =>
  values && JSON.stringify([...new Set(values)].sort());

function describe({ applications, secrets, allowEdit }: Limits): string {
  const parts = [
    ...(applications ? [`limited to applications ${applications.join(', ')}`] : []),
    ...(secrets ? [`limited to ${secrets.length} secrets${allowEdit ? ', which it may grant editable' : ''}`] : []),
  ];
  return parts.length > 0 ? ` and ${parts.join(' and ')}` : ' and without limits';
}

/**
 * Of a version that knew no admins the first token becomes one, alone: others of its principal, whose name anybody
 * could give a token, stay what they are under another name.
 */
export async function promoteToAdmin(db: Kysely<Schema>, token: { id: string; principalId: string }): Promise<void> {
  const principal = await db
    .selectFrom('principals')
    .selectAll()
    .where('id', '=', token.principalId)
    .executeTakeFirstOrThrow();
  const others = await db
    .selectFrom('api_tokens')
    .select('id')
    .where('principal_id', '=', principal.id)
    .where('id', '<>', token.id)
    .execute();
  if (others.length > 0) {
    const id = randomId();
    await db
      .insertInto('principals')
      .values({ ...principal, id, name: `${principal.name} (${id})` })
      .execute();
    await db
      .updateTable('api_tokens')
      .set({ principal_id: id })
      .where('principal_id', '=', principal.id)
      .where('id', '<>', token.id)
      .execute();
  }
  await db.updateTable('principals').set({ scope: 'admin' }).where('id', '=', principal.id).execute();
}

/** Gives the name to somebody else: whoever has it with less than this scope is called `<name> (<id>)`. */
export async function freeName(db: Kysely<Schema>, name: string, scope: Scope): Promise<void> {
  const known = await db.selectFrom('principals').selectAll().where('name', '=', name).executeTakeFirst();
  if (!known || known.scope === scope) return;
  await db
    .updateTable('principals')
    .set({ name: `${name} (${known.id})` })
    .where('id', '=', known.id)
    .execute();
}

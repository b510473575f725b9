import type { Kysely } from 'kysely';
import { KsmError } from '../../contract/errors';
import { randomId } from '../random-id';
import type { Schema } from '../store/schema/schema';
import type { PrincipalRow } from '../store/schema/service';
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
 * The principal of this name, made if there is none.
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
  if (!same) {
    throw new KsmError(
      'principal_exists',
      `There is a principal "${name}" already, of the scope "${known.scope}"${describe(limitsOf(known))}. A further token of that name must have the same scope and limits; choose another name for another one.`,
    );
  }
  return known;
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

/** For the first token of a version that had no admins. */
export async function promoteToAdmin(db: Kysely<Schema>, id: string): Promise<void> {
  await db.updateTable('principals').set({ scope: 'admin' }).where('id', '=', id).execute();
}

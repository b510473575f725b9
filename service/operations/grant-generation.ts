/** Which declaration of a grant is the last. The service's own knowledge: Keeper has nothing of the kind. */

import type { Kysely } from 'kysely';
import type { Grant } from '../../contract/types';
import type { Schema } from '../store/schema/schema';
import type { VaultGrant } from '../vault/vault';
import { randomId } from '../world/random-id';
import { below } from './run-item';

type Db = Kysely<Schema>;

/** Draws a new generation: a creation or an adoption takes the grant over. */
export async function drawGeneration(db: Db, itemId: string): Promise<string> {
  const generation = randomId();
  await db
    .insertInto('grant_generations')
    .values({ item_id: itemId, generation })
    .onConflict((conflict) => conflict.column('item_id').doUpdateSet({ generation }))
    .execute();
  return generation;
}

/** Null where the service knows none: the grant was made in Keeper, or the store was lost. */
export async function generationOf(db: Db, itemId: string): Promise<string | null> {
  const row = await db
    .selectFrom('grant_generations')
    .select('generation')
    .where('item_id', '=', itemId)
    .executeTakeFirst();
  return row?.generation ?? null;
}

export async function forgetGeneration(db: Db, itemId: string): Promise<void> {
  await db.deleteFrom('grant_generations').where('item_id', '=', itemId).execute();
}

/** All generations in an application are forgotten with it. */
export async function forgetGenerations(db: Db, applicationId: string): Promise<void> {
  const [from, to] = below(applicationId);
  await db.deleteFrom('grant_generations').where('item_id', '>', from).where('item_id', '<', to).execute();
}

/** The grants of one application with their generations. */
export async function withGenerations(db: Db, applicationId: string, grants: readonly VaultGrant[]): Promise<Grant[]> {
  if (grants.length === 0) return [];
  const [from, to] = below(applicationId);
  const rows = await db
    .selectFrom('grant_generations')
    .selectAll()
    .where('item_id', '>', from)
    .where('item_id', '<', to)
    .execute();
  const known = new Map(rows.map(({ item_id, generation }) => [item_id, generation]));
  return grants.map((grant) => ({ ...grant, generation: known.get(grant.id) ?? null }));
}

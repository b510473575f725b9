/**
 * Applications that are deleted with much in them. The note here is the deletion: from then on the application is dead
 * for everybody (`run-item.ts`), whatever is still in the vault; the reaper removes what is in it in portions, and goes
 * on after a restart.
 */

import type { Kysely } from 'kysely';
import type { Schema } from '../store/schema/schema';
import type { AuditActor, AuditedCaller } from './audit-trail';

type Db = Kysely<Schema>;

export async function noteEnded(db: Db, applicationId: string, caller: AuditedCaller, now: number): Promise<void> {
  const { principal, runId, requestId } = caller;
  const by: AuditedCaller = { principal: { id: principal.id, name: principal.name }, runId, requestId };
  const row = { application_id: applicationId, ended_by: JSON.stringify(by), ended_at: now };
  await db.insertInto('ended_applications').values(row).execute();
}

/** Who deleted it; undefined: it is not one of those. */
export async function endedBy(db: Db, applicationId: string): Promise<AuditActor | undefined> {
  const row = await db
    .selectFrom('ended_applications')
    .select('ended_by')
    .where('application_id', '=', applicationId)
    .executeTakeFirst();
  return row && { kind: 'token', caller: JSON.parse(row.ended_by) as AuditedCaller };
}

/** Of these applications, at most a thousand, those that were deleted and are still there. */
export async function endedAmong(db: Db, applicationIds: readonly string[]): Promise<Set<string>> {
  const rows = await db
    .selectFrom('ended_applications')
    .select('application_id')
    .where('application_id', 'in', applicationIds)
    .execute();
  return new Set(rows.map(({ application_id }) => application_id));
}

export async function allEnded(db: Db): Promise<string[]> {
  const rows = await db.selectFrom('ended_applications').select('application_id').orderBy('ended_at').execute();
  return rows.map(({ application_id }) => application_id);
}

/** Nothing of it is left. */
export async function forgetEnded(db: Db, applicationId: string): Promise<void> {
  await db.deleteFrom('ended_applications').where('application_id', '=', applicationId).execute();
}

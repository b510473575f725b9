/** One row for each change, kept for ever: who did what is asked for years later, and a row is 300 bytes. */

import type { Kysely } from 'kysely';
import type { Schema } from '../store/schema/schema';

export interface AuditNote {
  /** `<noun>.<verb>`. */
  readonly action: string;
  readonly target: string;
  readonly name: string | null;
}

/** Who did it: a caller, or a device (by its client id, and in no request of `/v1`). */
export interface AuditActor {
  readonly principal: { readonly name: string };
  readonly runId?: string | undefined;
  readonly requestId?: string | undefined;
}

export async function writeAuditEvent(
  db: Kysely<Schema>,
  actor: AuditActor,
  note: AuditNote,
  now: number,
): Promise<void> {
  await db
    .insertInto('audit_events')
    .values({
      at: now,
      action: note.action,
      target: note.target,
      name: note.name,
      principal: actor.principal.name,
      run_id: actor.runId ?? null,
      request_id: actor.requestId ?? null,
    })
    .execute();
}

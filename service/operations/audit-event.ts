import type { Kysely } from 'kysely';
import { KsmError } from '../../contract/errors';
import type { AuditEvent, Page } from '../../contract/types';
import type { Database } from '../store/database';
import type { Schema } from '../store/schema/schema';
import type { PageRequest } from '../vault/vault';
import type { Caller } from './caller';
import type { Units } from './unit';

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

export function auditEventOperations(database: Database, units: Units) {
  return {
    /** Newest first. */
    list: (caller: Caller, page: PageRequest): Promise<Page<AuditEvent>> =>
      units.read(caller, async () => {
        const rows = await database.db
          .selectFrom('audit_events')
          .selectAll()
          .where('id', '<', page.cursor === undefined ? Number.MAX_SAFE_INTEGER : parseCursor(page.cursor))
          .orderBy('id', 'desc')
          .limit(page.limit + 1)
          .execute();
        const items = rows.slice(0, page.limit).map(({ at, run_id, request_id, ...row }) => ({
          ...row,
          at: new Date(at).toISOString(),
          runId: run_id,
          requestId: request_id,
        }));
        return { items, nextCursor: rows.length > page.limit ? String(items.at(-1)?.id) : undefined };
      }),
  };
}

function parseCursor(cursor: string): number {
  const id = Number(cursor);
  if (!/^\d+$/.test(cursor) || !Number.isSafeInteger(id)) {
    throw new KsmError('invalid_request', 'The cursor is not one of this list.', {
      errors: [
        { field: 'query/cursor', message: `is ${JSON.stringify(cursor)}; expected the nextCursor of the page before` },
      ],
    });
  }
  return id;
}

import { KsmError } from '../../contract/errors';
import type { AuditEvent, Page } from '../../contract/types';
import type { Database } from '../store/database';
import type { PageRequest } from '../vault/vault';
import type { Caller } from './caller';
import type { Units } from './unit';

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

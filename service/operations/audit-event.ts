import type { AuditEvent, Page } from '../../contract/types';
import type { Database } from '../store/database';
import { pageOf, positionOf } from '../vault/page';
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
          .select(['id as position', 'id', 'at', 'action', 'target', 'name', 'principal', 'run_id', 'request_id'])
          .where('id', '<', positionOf(page, Number.MAX_SAFE_INTEGER))
          .orderBy('id', 'desc')
          .limit(page.limit + 1)
          .execute();
        return pageOf(rows, page, ({ position: _, at, run_id, request_id, ...row }) => ({
          ...row,
          at: new Date(at).toISOString(),
          runId: run_id,
          requestId: request_id,
        }));
      }),
  };
}

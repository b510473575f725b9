import type { AuditEvent, Page } from '../../contract/types';
import type { Database } from '../store/database';
import { pageOf, positionOf } from '../vault/page';
import type { PageRequest } from '../vault/vault';
import type { AuditTrail } from './audit-trail';
import type { Caller } from './caller';
import { below } from './run-item';
import type { Units } from './unit';

export interface AuditEventFilter {
  /** Of an application: its own events and those of everything in it. */
  readonly target?: string | undefined;
  readonly principal?: string | undefined;
  /** An action, or a noun: `client_device` is all of them. */
  readonly action?: string | undefined;
}

export function auditEventOperations(database: Database, units: Units, auditTrail: AuditTrail) {
  return {
    /** Newest first. */
    list: (caller: Caller, page: PageRequest & AuditEventFilter): Promise<Page<AuditEvent>> =>
      units.read(caller, { action: 'audit_event.list' }, async () => {
        const { target, principal, action } = page;
        const [from, to] = below(target ?? '');
        const [first, last] = [`${action}.`, `${action}/`];
        const rows = await database.db
          .selectFrom('audit_events')
          .selectAll()
          .select('id as position')
          .where('id', '<', positionOf(page, Number.MAX_SAFE_INTEGER))
          .$if(target !== undefined, (query) =>
            query.where(({ or, and, eb }) =>
              or([eb('target', '=', target!), and([eb('target', '>', from), eb('target', '<', to)])]),
            ),
          )
          .$if(principal !== undefined, (query) => query.where('principal', '=', principal!))
          .$if(action !== undefined, (query) =>
            query.where(({ or, and, eb }) =>
              or([eb('action', '=', action!), and([eb('action', '>', first), eb('action', '<', last)])]),
            ),
          )
          .orderBy('id', 'desc')
          .limit(page.limit + 1)
          .execute();
        return pageOf(rows, page, (row) => ({
          id: row.id,
          at: new Date(row.at).toISOString(),
          action: row.action,
          outcome: row.outcome,
          actor: row.actor,
          principal: row.principal,
          principalId: row.principal_id,
          target: row.target,
          name: auditTrail.nameOf(row),
          before: row.before === null ? null : JSON.parse(row.before),
          after: row.after === null ? null : JSON.parse(row.after),
          reason: row.reason,
          runId: row.run_id,
          requestId: row.request_id,
        }));
      }),
  };
}

import { AuditEventListQuery, AuditEventPage } from '../../../contract/schemas';
import { callerOf } from '../caller';
import { readSchema } from '../route-schema';
import { pageOf, type Routes } from './route';

export const auditEventRoutes: Routes = (operations) => async (app) => {
  app.get(
    '/audit-events',
    {
      config: { action: 'audit_event.list' },
      schema: readSchema({
        operationId: 'listAuditEvents',
        summary: 'List what changed, newest first',
        tags: ['audit'],
        querystring: AuditEventListQuery,
        response: { 200: AuditEventPage },
      }),
    },
    (request) => operations.auditEvents.list(callerOf(request), { ...request.query, ...pageOf(request.query) }),
  );
};

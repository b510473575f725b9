import { AuditEventPage, PageQuery } from '../../../contract/schemas';
import { callerOf } from '../caller';
import { readSchema } from '../route-schema';
import { pageOf, type Routes } from './route';

export const auditEventRoutes: Routes = (operations) => async (app) => {
  app.get(
    '/audit-events',
    {
      config: { needs: 'read' },
      schema: readSchema({
        operationId: 'listAuditEvents',
        summary: 'List what changed, newest first',
        tags: ['audit'],
        querystring: PageQuery,
        response: { 200: AuditEventPage },
      }),
    },
    (request) => operations.auditEvents.list(callerOf(request), pageOf(request.query)),
  );
};

import { OrphanListQuery, OrphanPage, OrphanRevoke, OrphansRevoked } from '../../../contract/schemas';
import { callerOf } from '../caller';
import { readSchema } from '../route-schema';
import { pageOf, type Routes } from './route';

const tags = ['orphans'];

export const orphanRoutes: Routes = (operations) => async (app) => {
  app.get(
    '/orphans',
    {
      config: { action: 'orphan.list' },
      schema: readSchema({
        operationId: 'listOrphans',
        summary: 'List what runs left behind: the unsure, the unclaimed and the suspected',
        tags,
        querystring: OrphanListQuery,
        response: { 200: OrphanPage },
      }),
    },
    (request) => {
      const { applicationId, state } = request.query;
      return operations.orphans.list(callerOf(request), { ...pageOf(request.query), applicationId, state });
    },
  );

  app.post(
    '/orphans/revoke',
    {
      // What is revoked is no orphan any more: it may be repeated, and takes no idempotency key.
      config: { action: 'orphan.revoke' },
      schema: readSchema({
        operationId: 'revokeOrphans',
        summary: 'End the unsure, all or by their ids; the unclaimed and the suspected by their ids alone',
        tags,
        body: OrphanRevoke,
        response: { 200: OrphansRevoked },
      }),
    },
    (request) => operations.orphans.revoke(callerOf(request), request.body),
  );
};

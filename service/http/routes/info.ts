import { Info } from '../../../contract/schemas';
import { callerOf } from '../caller';
import { readSchema } from '../route-schema';
import type { Routes } from './route';

export const infoRoutes: Routes = (operations) => async (app) => {
  app.get(
    '/info',
    {
      config: { needs: 'read' },
      schema: readSchema({
        operationId: 'getInfo',
        summary: 'Tell the version, the vault and what it can do',
        tags: ['info'],
        response: { 200: Info },
      }),
    },
    (request) => operations.info.get(callerOf(request)),
  );
};

import { DeviceApi, Info } from '../../../contract/schemas';
import { callerOf } from '../caller';
import { readSchema } from '../route-schema';
import type { Routes } from './route';

export const infoRoutes: Routes = (operations) => async (app) => {
  app.get(
    '/info',
    {
      config: { action: 'info.read' },
      schema: readSchema({
        operationId: 'getInfo',
        summary: 'Tell the version, the vault and what it can do',
        tags: ['info'],
        response: { 200: Info },
      }),
    },
    (request) => operations.info.get(callerOf(request)),
  );

  app.get(
    '/device-api',
    {
      config: { public: true },
      schema: {
        ...readSchema({
          operationId: 'getDeviceApi',
          summary: 'Tell where devices redeem and what they must trust; public, without a token',
          tags: ['info'],
          response: { 200: DeviceApi },
        }),
        security: [],
      },
    },
    async () => operations.info.deviceApi(),
  );
};

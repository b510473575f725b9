import {
  Secret,
  SecretListQuery,
  SecretPage,
  SecretParams,
  SharedFolderListQuery,
  SharedFolderPage,
} from '../../../contract/schemas';
import { callerOf } from '../caller';
import { readSchema } from '../route-schema';
import { pageOf, type Routes } from './route';

const tags = ['secrets'];

export const secretRoutes: Routes = (operations) => async (app) => {
  app.get(
    '/shared-folders',
    {
      config: { action: 'secret.read' },
      schema: readSchema({
        operationId: 'listSharedFolders',
        summary: 'List shared folders',
        tags,
        querystring: SharedFolderListQuery,
        response: { 200: SharedFolderPage },
      }),
    },
    (request) => {
      const { name } = request.query;
      return operations.secrets.sharedFolders(callerOf(request), { ...pageOf(request.query), name });
    },
  );

  app.get(
    '/secrets',
    {
      config: { action: 'secret.read' },
      schema: readSchema({
        operationId: 'listSecrets',
        summary: 'List what can be granted, or tell what UIDs are',
        tags,
        querystring: SecretListQuery,
        response: { 200: SecretPage },
      }),
    },
    (request) => operations.secrets.list(callerOf(request), { ...request.query, ...pageOf(request.query) }),
  );

  app.get(
    '/secrets/:secretUid',
    {
      config: { action: 'secret.read' },
      schema: readSchema({
        operationId: 'getSecret',
        summary: 'Tell what a UID is: folder, record or unknown',
        tags,
        params: SecretParams,
        response: { 200: Secret },
      }),
    },
    (request) => operations.secrets.find(callerOf(request), request.params.secretUid),
  );
};

import { ApiTokenCreate, ApiTokenCreated, ApiTokenPage, ApiTokenParams, PageQuery } from '../../../contract/schemas';
import { callerOf } from '../caller';
import { written } from '../reply';
import { NoContent, readSchema, writeSchema } from '../route-schema';
import { pageOf, type Routes } from './route';

const tags = ['API tokens'];

export const apiTokenRoutes: Routes = (operations) => async (app) => {
  app.get(
    '/api-tokens',
    {
      config: { action: 'api_token.list' },
      schema: readSchema({
        operationId: 'listApiTokens',
        summary: 'List API tokens, without their text; needs the scope admin',
        tags,
        querystring: PageQuery,
        response: { 200: ApiTokenPage },
      }),
    },
    (request) => operations.apiTokens.list(callerOf(request), pageOf(request.query)),
  );

  app.post(
    '/api-tokens',
    {
      config: { action: 'api_token.create' },
      schema: writeSchema({
        operationId: 'createApiToken',
        summary: 'Create an API token; this reply alone carries its text',
        tags,
        body: ApiTokenCreate,
        response: { 201: ApiTokenCreated },
      }),
    },
    async (request, reply) => {
      const created = written(await operations.apiTokens.issue(callerOf(request), request.body), reply);
      return reply.code(201).send(created);
    },
  );

  app.delete(
    '/api-tokens/:tokenId',
    {
      config: { action: 'api_token.delete' },
      schema: writeSchema({
        operationId: 'deleteApiToken',
        summary: 'Revoke an API token: it is refused from then on',
        tags,
        params: ApiTokenParams,
        response: { 204: NoContent },
      }),
    },
    async (request, reply) => {
      written(await operations.apiTokens.revoke(callerOf(request), request.params.tokenId), reply);
      return reply.code(204).send(null);
    },
  );
};

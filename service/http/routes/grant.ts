import { Type } from '@sinclair/typebox';
import { ApplicationParams, Grant, GrantList, GrantParams, GrantPut } from '../../../contract/schemas';
import { callerOf, WriteHeaders } from '../caller';
import { large } from '../large-json';
import { written } from '../reply';
import { NoContent, readSchema, writeSchema } from '../route-schema';
import type { Routes } from './route';

const tags = ['grants'];

const GrantPutHeaders = Type.Object({
  ...WriteHeaders.properties,
  'if-none-match': Type.Optional(
    Type.Literal('*', {
      description: 'Only create: a grant with the same permission is adopted, one with another is `grant_exists`.',
    }),
  ),
});

const GrantDeleteHeaders = Type.Object({
  ...WriteHeaders.properties,
  'if-match': Type.Optional(
    Type.String({
      pattern: '^("[\\x21\\x23-\\x7e]{1,255}"|[^"*,\\s]{1,255}|\\*)$',
      description:
        'The generation that is to be deleted; another one is `grant_taken_over`. Absent or *: whichever it is.',
    }),
  ),
});

/** A generation as an entity tag, with or without its quotes. */
const generationOf = (header: string | undefined): string | undefined =>
  header === undefined || header === '*' ? undefined : header.replace(/^"(.*)"$/, '$1');

export const grantRoutes: Routes = (operations) => async (app) => {
  app.get(
    '/applications/:applicationId/grants',
    {
      config: { action: 'grant.read' },
      schema: readSchema({
        operationId: 'listGrants',
        summary: 'List the grants of an application',
        tags,
        params: ApplicationParams,
        response: { 200: GrantList },
      }),
    },
    async (request, reply) => {
      const items = await operations.grants.list(callerOf(request), request.params.applicationId);
      return large(reply, GrantList, { items });
    },
  );

  app.get(
    '/applications/:applicationId/grants/:secretUid',
    {
      config: { action: 'grant.read' },
      schema: readSchema({
        operationId: 'getGrant',
        summary: 'Get a grant',
        tags,
        params: GrantParams,
        response: { 200: Grant },
      }),
    },
    (request) => operations.grants.get(callerOf(request), request.params.applicationId, request.params.secretUid),
  );

  app.put(
    '/applications/:applicationId/grants/:secretUid',
    {
      config: { action: 'grant.put' },
      schema: writeSchema({
        operationId: 'putGrant',
        summary: 'Grant a shared folder or a record to an application',
        tags,
        headers: GrantPutHeaders,
        params: GrantParams,
        body: GrantPut,
        response: { 200: Grant, 201: Grant },
      }),
    },
    async (request, reply) => {
      const { editable = false, kind } = request.body;
      const createOnly = request.raw.headers['if-none-match'] === '*';
      const input = { ...request.params, editable, kind, createOnly };
      const { grant, outcome } = written(await operations.grants.put(callerOf(request), input), reply);
      return reply.code(outcome === 'created' ? 201 : 200).send(grant);
    },
  );

  app.delete(
    '/applications/:applicationId/grants/:secretUid',
    {
      config: { action: 'grant.delete' },
      schema: writeSchema({
        operationId: 'deleteGrant',
        summary: 'Take a grant back',
        tags,
        headers: GrantDeleteHeaders,
        params: GrantParams,
        response: { 204: NoContent },
      }),
    },
    async (request, reply) => {
      const { applicationId, secretUid } = request.params;
      const generation = generationOf(request.raw.headers['if-match']);
      written(await operations.grants.remove(callerOf(request), applicationId, secretUid, generation), reply);
      return reply.code(204).send(null);
    },
  );
};

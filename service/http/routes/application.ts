import {
  Application,
  ApplicationCreate,
  ApplicationDeleteQuery,
  ApplicationGetQuery,
  ApplicationListQuery,
  ApplicationPage,
  ApplicationParams,
  ApplicationSnapshot,
  ApplicationUpdate,
} from '../../../contract/schemas';
import type { ApplicationPart } from '../../../contract/types';
import { callerOf } from '../caller';
import { large } from '../large-json';
import { written } from '../reply';
import { NoContent, readSchema, writeSchema } from '../route-schema';
import { pageOf, type Routes } from './route';

const tags = ['applications'];

export const applicationRoutes: Routes = (operations) => async (app) => {
  app.get(
    '/applications',
    {
      config: { action: 'application.list' },
      schema: readSchema({
        operationId: 'listApplications',
        summary: 'List applications',
        tags,
        querystring: ApplicationListQuery,
        response: { 200: ApplicationPage },
      }),
    },
    (request) => {
      const { name } = request.query;
      return operations.applications.list(callerOf(request), { ...pageOf(request.query), name });
    },
  );

  app.post(
    '/applications',
    {
      config: { action: 'application.create' },
      schema: writeSchema({
        operationId: 'createApplication',
        summary: 'Create an application',
        tags,
        body: ApplicationCreate,
        response: { 201: Application },
      }),
    },
    async (request, reply) => {
      const application = written(await operations.applications.create(callerOf(request), request.body), reply);
      return reply.code(201).header('location', `/v1/applications/${application.id}`).send(application);
    },
  );

  app.get(
    '/applications/:applicationId',
    {
      config: { action: 'application.read' },
      schema: readSchema({
        operationId: 'getApplication',
        summary: 'Get an application, with its parts if asked for',
        tags,
        params: ApplicationParams,
        querystring: ApplicationGetQuery,
        response: { 200: ApplicationSnapshot },
      }),
    },
    async (request, reply) => {
      const parts = new Set((request.query.include?.split(',') ?? []) as ApplicationPart[]);
      const snapshot = await operations.applications.get(callerOf(request), request.params.applicationId, parts);
      return large(reply, ApplicationSnapshot, snapshot);
    },
  );

  app.patch(
    '/applications/:applicationId',
    {
      config: { action: 'application.update' },
      schema: writeSchema({
        operationId: 'updateApplication',
        summary: 'Rename an application',
        tags,
        params: ApplicationParams,
        body: ApplicationUpdate,
        response: { 200: Application },
      }),
    },
    async (request, reply) => {
      const { applicationId } = request.params;
      const renamed = await operations.applications.rename(callerOf(request), applicationId, request.body.name);
      return written(renamed, reply);
    },
  );

  app.delete(
    '/applications/:applicationId',
    {
      config: { action: 'application.delete' },
      schema: writeSchema({
        operationId: 'deleteApplication',
        summary: 'Delete an application',
        tags,
        params: ApplicationParams,
        querystring: ApplicationDeleteQuery,
        response: { 204: NoContent },
      }),
    },
    async (request, reply) => {
      const force = request.query.force ?? false;
      written(await operations.applications.remove(callerOf(request), request.params.applicationId, { force }), reply);
      return reply.code(204).send(null);
    },
  );
};

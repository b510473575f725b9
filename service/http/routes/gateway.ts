import { TOKEN_EXPIRES_DEFAULT_MINUTES } from '../../../contract/limits';
import {
  ApplicationParams,
  Gateway,
  GatewayCreate,
  GatewayCreated,
  GatewayList,
  GatewayParams,
  GatewayUpdate,
} from '../../../contract/schemas';
import { callerOf } from '../caller';
import { large } from '../large-json';
import { written } from '../reply';
import { NoContent, readSchema, writeSchema } from '../route-schema';
import type { Routes } from './route';

const tags = ['gateways'];

export const gatewayRoutes: Routes = (operations) => async (app) => {
  app.get(
    '/applications/:applicationId/gateways',
    {
      config: { action: 'gateway.read' },
      schema: readSchema({
        operationId: 'listGateways',
        summary: 'List the gateways of an application',
        tags,
        params: ApplicationParams,
        response: { 200: GatewayList },
      }),
    },
    async (request, reply) => {
      const items = await operations.gateways.list(callerOf(request), request.params.applicationId);
      return large(reply, GatewayList, { items });
    },
  );

  app.post(
    '/applications/:applicationId/gateways',
    {
      config: { action: 'gateway.create' },
      schema: writeSchema({
        operationId: 'createGateway',
        summary: 'Create a gateway; this reply alone carries its one-time token',
        tags,
        params: ApplicationParams,
        body: GatewayCreate,
        response: { 201: GatewayCreated },
      }),
    },
    async (request, reply) => {
      const { name, tokenExpiresInMinutes = TOKEN_EXPIRES_DEFAULT_MINUTES, initialization = 'token' } = request.body;
      const sealToPublicKey = request.body.sealToPublicKey ?? undefined;
      const input = { ...request.params, name, tokenExpiresInMinutes, initialization, sealToPublicKey };
      const gateway = written(await operations.gateways.create(callerOf(request), input), reply);
      const location = `/v1/applications/${gateway.applicationId}/gateways/${gateway.clientId}`;
      return reply.code(201).header('location', location).send(gateway);
    },
  );

  app.get(
    '/applications/:applicationId/gateways/:clientId',
    {
      config: { action: 'gateway.read' },
      schema: readSchema({
        operationId: 'getGateway',
        summary: 'Get a gateway',
        tags,
        params: GatewayParams,
        response: { 200: Gateway },
      }),
    },
    (request) => operations.gateways.get(callerOf(request), request.params.applicationId, request.params.clientId),
  );

  app.patch(
    '/applications/:applicationId/gateways/:clientId',
    {
      config: { action: 'gateway.update' },
      schema: writeSchema({
        operationId: 'updateGateway',
        summary: 'Rename a gateway that has initialised',
        tags,
        params: GatewayParams,
        body: GatewayUpdate,
        response: { 200: Gateway },
      }),
    },
    async (request, reply) => {
      const { applicationId, clientId } = request.params;
      const renamed = await operations.gateways.rename(callerOf(request), applicationId, clientId, request.body.name);
      return written(renamed, reply);
    },
  );

  app.delete(
    '/applications/:applicationId/gateways/:clientId',
    {
      config: { action: 'gateway.delete' },
      schema: writeSchema({
        operationId: 'deleteGateway',
        summary: 'Remove a gateway: it is refused from then on',
        tags,
        params: GatewayParams,
        response: { 204: NoContent },
      }),
    },
    async (request, reply) => {
      const { applicationId, clientId } = request.params;
      written(await operations.gateways.remove(callerOf(request), applicationId, clientId), reply);
      return reply.code(204).send(null);
    },
  );
};

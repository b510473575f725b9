import { TOKEN_EXPIRES_DEFAULT_MINUTES } from '../../../contract/limits';
import {
  ApplicationParams,
  ClientDevice,
  ClientDeviceCreate,
  ClientDeviceCreated,
  ClientDeviceList,
  ClientParams,
} from '../../../contract/schemas';
import { callerOf } from '../caller';
import { large } from '../large-json';
import { written } from '../reply';
import { NoContent, readSchema, writeSchema } from '../route-schema';
import type { Routes } from './route';

const tags = ['client devices'];

export const clientDeviceRoutes: Routes = (operations) => async (app) => {
  app.get(
    '/applications/:applicationId/devices',
    {
      config: { action: 'client_device.read' },
      schema: readSchema({
        operationId: 'listClientDevices',
        summary: 'List the client devices of an application',
        tags,
        params: ApplicationParams,
        response: { 200: ClientDeviceList },
      }),
    },
    async (request, reply) => {
      const items = await operations.devices.list(callerOf(request), request.params.applicationId);
      return large(reply, ClientDeviceList, { items });
    },
  );

  app.post(
    '/applications/:applicationId/devices',
    {
      config: { action: 'client_device.create' },
      schema: writeSchema({
        operationId: 'createClientDevice',
        summary: 'Create a client device; this reply alone carries its one-time token',
        tags,
        params: ApplicationParams,
        body: ClientDeviceCreate,
        response: { 201: ClientDeviceCreated },
      }),
    },
    async (request, reply) => {
      const { name, ipLock = true, tokenExpiresInMinutes = TOKEN_EXPIRES_DEFAULT_MINUTES } = request.body;
      const accessExpiresInMinutes = request.body.accessExpiresInMinutes ?? undefined;
      const { initialization = 'token', ephemeral = false } = request.body;
      const sealToPublicKey = request.body.sealToPublicKey ?? undefined;
      const input = {
        ...request.params,
        name,
        ipLock,
        tokenExpiresInMinutes,
        accessExpiresInMinutes,
        initialization,
        ephemeral,
        sealToPublicKey,
      };
      const device = written(await operations.devices.create(callerOf(request), input), reply);
      const location = `/v1/applications/${device.applicationId}/devices/${device.clientId}`;
      return reply.code(201).header('location', location).send(device);
    },
  );

  app.get(
    '/applications/:applicationId/devices/:clientId',
    {
      config: { action: 'client_device.read' },
      schema: readSchema({
        operationId: 'getClientDevice',
        summary: 'Get a client device',
        tags,
        params: ClientParams,
        response: { 200: ClientDevice },
      }),
    },
    (request) => operations.devices.get(callerOf(request), request.params.applicationId, request.params.clientId),
  );

  app.delete(
    '/applications/:applicationId/devices/:clientId',
    {
      config: { action: 'client_device.delete' },
      schema: writeSchema({
        operationId: 'deleteClientDevice',
        summary: 'Revoke a client device: it is refused from then on',
        tags,
        params: ClientParams,
        response: { 204: NoContent },
      }),
    },
    async (request, reply) => {
      const { applicationId, clientId } = request.params;
      written(await operations.devices.remove(callerOf(request), applicationId, clientId), reply);
      return reply.code(204).send(null);
    },
  );
};

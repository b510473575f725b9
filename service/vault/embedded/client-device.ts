import { KsmError } from '../../../contract/errors';
import type { ClientDevice } from '../../../contract/types';
import { mapInPortions } from '../../store/portions';
import { optionalTimestamp } from '../timestamp';
import type { ClientDeviceVault } from '../vault';
import { requireApplication } from './application-row';
import {
  type ClientRow,
  clientProperties,
  findClient,
  issueClient,
  listClients,
  removeClient,
  removeClients,
} from './client';
import type { Context } from './context';

export function clientDeviceVault(context: Context): ClientDeviceVault {
  return {
    async create(input) {
      const { row, credential } = await issueClient(context, { ...input, kind: 'device' });
      return { ...toClientDevice(context, row), ...credential };
    },

    async get(applicationId, clientId) {
      const row = await findClient(context, 'device', applicationId, clientId);
      if (!row) {
        throw notFound(applicationId, clientId);
      }
      return toClientDevice(context, row);
    },

    async list(applicationId) {
      await requireApplication(context, applicationId);
      return listClientDevices(context, applicationId);
    },

    async remove(applicationId, clientId) {
      if (!(await removeClient(context, 'device', applicationId, clientId))) {
        throw notFound(applicationId, clientId);
      }
    },

    removeMany: (applicationId, clientIds) => removeClients(context, 'device', applicationId, clientIds),
  };
}

export async function listClientDevices(context: Context, applicationId: string): Promise<ClientDevice[]> {
  const rows = await listClients(context, 'device', applicationId);
  return mapInPortions(rows, (row) => toClientDevice(context, row));
}

function toClientDevice(context: Context, row: ClientRow): ClientDevice {
  return {
    ...clientProperties(context, row),
    ipLock: Boolean(row.ip_lock),
    accessExpiresAt: optionalTimestamp(row.access_expires_at),
  };
}

function notFound(applicationId: string, clientId: string): KsmError {
  return new KsmError(
    'device_not_found',
    `The application ${applicationId} has no client device ${clientId}. Check both ids; it may have been revoked.`,
  );
}

import type { Gateway } from '../../../contract/types';
import { mapInPortions } from '../../store/portions';
import { notFoundIn } from '../not-found';
import { gatewayNotInitialized } from '../refused';
import type { GatewayVault } from '../vault';
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

/**
 * A gateway whose token was redeemed, as a device redeems one, or whose configuration was used, counts as initialised:
 * only then it has a gateway UID.
 */
export function gatewayVault(context: Context): GatewayVault {
  const find = async (applicationId: string, clientId: string): Promise<ClientRow> => {
    const row = await findClient(context, 'gateway', applicationId, clientId);
    if (!row) {
      throw notFoundIn('gateway', applicationId, clientId);
    }
    return row;
  };
  return {
    async create(input) {
      // Keeper never locks a gateway to an address.
      const { row, credential } = await issueClient(context, { ...input, kind: 'gateway', ipLock: false });
      return { ...toGateway(context, row), clientId: row.client_id, ...credential };
    },

    get: async (applicationId, clientId) => toGateway(context, await find(applicationId, clientId)),

    async list(applicationId) {
      await requireApplication(context, applicationId);
      return listGateways(context, applicationId);
    },

    rename: (applicationId, clientId, name) =>
      context.database.transaction(async () => {
        const row = await find(applicationId, clientId);
        if (row.gateway_uid === null) {
          throw gatewayNotInitialized(row.name, name);
        }
        await context.database.db
          .updateTable('client_devices')
          .set({ name })
          .where('client_id', '=', clientId)
          .execute();
        return toGateway(context, { ...row, name });
      }),

    async remove(applicationId, clientId) {
      if (!(await removeClient(context, 'gateway', applicationId, clientId))) {
        throw notFoundIn('gateway', applicationId, clientId);
      }
    },

    removeMany: (applicationId, clientIds) => removeClients(context, 'gateway', applicationId, clientIds),
  };
}

export async function listGateways(context: Context, applicationId: string): Promise<Gateway[]> {
  const rows = await listClients(context, 'gateway', applicationId);
  return mapInPortions(rows, (row) => toGateway(context, row));
}

function toGateway(context: Context, row: ClientRow): Gateway {
  // Whether it is connected now is known to Keeper's router alone.
  return { ...clientProperties(context, row), gatewayUid: row.gateway_uid, online: null };
}

/** Whether credentials were used: devices redeem at Keeper, and of that nobody tells the service. */

import type { ClientDevice, Gateway } from '../../../contract/types';
import type { Use } from '../port';
import { devicesOf } from './client-device';
import type { Context } from './context';
import { gatewaysOf } from './gateway';

/** Commander itself uses a configuration when it makes it, twice within this time. */
const OWN_USE_MS = 10_000;

export async function usesIn(
  context: Context,
  applicationId: string,
  ids: readonly string[],
  fresh: boolean,
): Promise<ReadonlyMap<string, Use>> {
  const { call, account, notes } = context;
  if (fresh) account.changed(`application ${applicationId}`, 'gateways');
  const uses = new Map<string, Use>();
  const info = await account.find(call, applicationId);
  if (!info) return uses;
  const own = [...(await notes.in(applicationId, 'device')), ...(await notes.in(applicationId, 'gateway'))];
  const configurations = new Set(own.flatMap((row) => (row.initialization === 'config' ? [row.client_id] : [])));
  for (const device of await devicesOf(context, info)) {
    if (!ids.includes(device.clientId)) continue;
    const use = configurations.has(device.clientId) ? useOfConfiguration(device) : useOfToken(device);
    uses.set(device.clientId, use);
  }
  const gateways = own.filter(({ kind, client_id }) => kind === 'gateway' && ids.includes(client_id));
  for (const gateway of gateways.length > 0 ? await gatewaysOf(context, applicationId) : []) {
    const { clientId } = gateway;
    if (clientId === null || !ids.includes(clientId)) continue;
    uses.set(clientId, configurations.has(clientId) ? useOfConfiguredGateway(gateway) : useOfToken(gateway));
  }
  return uses;
}

const useOfToken = ({ firstAccessAt, lapsed }: ClientDevice | Gateway): Use =>
  firstAccessAt !== null ? 'used' : lapsed === 'token' ? 'over' : 'open';

const useOfConfiguration = ({ firstAccessAt, lastAccessAt }: ClientDevice): Use =>
  firstAccessAt !== null && lastAccessAt !== null && Date.parse(lastAccessAt) - Date.parse(firstAccessAt) > OWN_USE_MS
    ? 'used'
    : 'over';

/** Commander's own bind may have it listed at once. */
const useOfConfiguredGateway = ({ online, firstAccessAt, createdAt }: Gateway): Use =>
  online || (firstAccessAt !== null && Date.parse(firstAccessAt) - Date.parse(createdAt ?? '') > OWN_USE_MS)
    ? 'used'
    : 'over';

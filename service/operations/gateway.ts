import type { GatewayVault, Vault } from '../vault/vault';
import type { Caller } from './caller';
import type { Units } from './unit';

export function gatewayOperations(vault: Vault, units: Units) {
  return {
    list: (caller: Caller, applicationId: string) => units.read(caller, () => vault.gateways.list(applicationId)),

    get: (caller: Caller, applicationId: string, clientId: string) =>
      units.read(caller, () => vault.gateways.get(applicationId, clientId), `${applicationId}/${clientId}`),

    /** The reply alone carries the one-time token. */
    create: (caller: Caller, input: Parameters<GatewayVault['create']>[0]) =>
      units.write(caller, async (change) => {
        const gateway = await vault.gateways.create(input);
        await change.made('gateway', gateway.id);
        await change.audit({ action: 'gateway.create', target: gateway.id, name: gateway.name });
        return gateway;
      }),

    rename: (caller: Caller, applicationId: string, clientId: string, name: string) =>
      units.write(caller, async (change) => {
        const gateway = await vault.gateways.rename(applicationId, clientId, name);
        await change.audit({ action: 'gateway.update', target: gateway.id, name });
        return gateway;
      }),

    remove: (caller: Caller, applicationId: string, clientId: string) =>
      units.write(caller, async (change) => {
        const { id, name } = await vault.gateways.get(applicationId, clientId);
        await vault.gateways.remove(applicationId, clientId);
        await change.removed(id);
        await change.audit({ action: 'gateway.delete', target: id, name });
      }),
  };
}

import type { ClientDeviceVault, Vault } from '../vault/vault';
import type { Caller } from './caller';
import type { Units } from './unit';

export function clientDeviceOperations(vault: Vault, units: Units) {
  return {
    list: (caller: Caller, applicationId: string) => units.read(caller, () => vault.devices.list(applicationId)),

    get: (caller: Caller, applicationId: string, clientId: string) =>
      units.read(caller, () => vault.devices.get(applicationId, clientId), `${applicationId}/${clientId}`),

    /** The reply alone carries the one-time token. */
    create: (caller: Caller, input: Parameters<ClientDeviceVault['create']>[0]) =>
      units.write(caller, async (change) => {
        const device = await vault.devices.create(input);
        await change.made('client_device', device.id);
        await change.audit({ action: 'client_device.create', target: device.id, name: device.name });
        return device;
      }),

    remove: (caller: Caller, applicationId: string, clientId: string) =>
      units.write(caller, async (change) => {
        const { id, name } = await vault.devices.get(applicationId, clientId);
        await vault.devices.remove(applicationId, clientId);
        await change.removed(id);
        await change.audit({ action: 'client_device.delete', target: id, name });
      }),
  };
}

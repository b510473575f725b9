import type { ClientDevice, ClientDeviceCreated } from '../../contract/types';
import type { Database } from '../store/database';
import type { ClientDeviceVault, Vault } from '../vault/vault';
import type { Caller } from './caller';
import { isOwnEphemeral } from './run-lease';
import { sealed } from './sealed-credential';
import type { Units } from './unit';

/** `ephemeral`: for the caller's run alone, never held. */
export type ClientDeviceInput = Parameters<ClientDeviceVault['create']>[0] & {
  readonly ephemeral: boolean;
  /** Curve25519, base64. Undefined: the credential leaves in clear. */
  readonly sealToPublicKey?: string | undefined;
};

export function clientDeviceOperations(vault: Vault, units: Units, database: Database) {
  return {
    list: (caller: Caller, applicationId: string) =>
      units.read(caller, { action: 'client_device.read', applicationId }, () => vault.devices.list(applicationId)),

    get: (caller: Caller, applicationId: string, clientId: string) =>
      units.read(caller, { action: 'client_device.read', applicationId }, () =>
        vault.devices.get(applicationId, clientId),
      ),

    /** The reply alone carries the credential. */
    create: (caller: Caller, { ephemeral, sealToPublicKey, ...input }: ClientDeviceInput) =>
      units.write(
        caller,
        { action: 'client_device.create', applicationId: input.applicationId, ephemeral },
        async (change): Promise<ClientDeviceCreated> => {
          const device = await vault.devices.create(input);
          const { id, name, initialization } = device;
          await change.made({ kind: 'client_device', id, initialization, ephemeral, endsAt: endOf(device) });
          await change.audit({ action: 'client_device.create', target: id, name });
          return sealed(device, sealToPublicKey);
        },
      ),

    async remove(caller: Caller, applicationId: string, clientId: string) {
      const ephemeral = await isOwnEphemeral(database.db, caller, `${applicationId}/${clientId}`);
      return units.write(caller, { action: 'client_device.delete', applicationId, ephemeral }, async (change) => {
        const { id, name } = await vault.devices.get(applicationId, clientId);
        await vault.devices.remove(applicationId, clientId);
        await change.removed(id);
        await change.audit({ action: 'client_device.delete', target: id, name });
      });
    },
  };
}

/** When its unused token ends, in milliseconds since 1970. */
export const endOf = ({ tokenExpiresAt }: Pick<ClientDevice, 'tokenExpiresAt'>): number | undefined =>
  tokenExpiresAt === null ? undefined : Date.parse(tokenExpiresAt);

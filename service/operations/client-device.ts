import { HEADER_RUN } from '../../contract/api';
import { isKsmError, KsmError } from '../../contract/errors';
import type { ClientDevice, ClientDeviceCreated } from '../../contract/types';
import type { Database } from '../store/database';
import type { ClientDeviceVault, Vault } from '../vault/vault';
import type { Caller } from './caller';
import { isOwnEphemeral } from './run-item';
import { credentialSealer } from './sealed-credential';
import type { Units } from './unit';

/** `ephemeral`: for the caller's run alone, never held. */
export type ClientDeviceInput = Parameters<ClientDeviceVault['create']>[0] & {
  readonly ephemeral: boolean;
  /** Curve25519, base64. Undefined: the credential leaves in clear. */
  readonly sealToPublicKey?: string | undefined;
};

export function clientDeviceOperations(vault: Vault, units: Units, database: Database) {
  const exists = async (applicationId: string, clientId: string): Promise<boolean> => {
    try {
      await vault.devices.get(applicationId, clientId);
      return true;
    } catch (error) {
      if (isKsmError(error, 'application_not_found', 'device_not_found')) return false;
      throw error;
    }
  };

  return {
    list: (caller: Caller, applicationId: string) =>
      units.read(caller, { action: 'client_device.read', applicationId }, () => vault.devices.list(applicationId)),

    get: (caller: Caller, applicationId: string, clientId: string) =>
      units.read(caller, { action: 'client_device.read', applicationId }, () =>
        vault.devices.get(applicationId, clientId),
      ),

    /** The reply alone carries the credential. */
    async create(caller: Caller, { ephemeral, sealToPublicKey, ...input }: ClientDeviceInput) {
      const sealed = await credentialSealer(sealToPublicKey);
      return units.write(
        caller,
        { action: 'client_device.create', applicationId: input.applicationId, ephemeral },
        async (change): Promise<ClientDeviceCreated> => {
          refuseLockedConfiguration(input);
          if (ephemeral && caller.runId === undefined) throw ephemeralWithoutRun();
          const device = await vault.devices.create(input);
          const { id, name, initialization } = device;
          await change.made({ kind: 'client_device', id, initialization, ephemeral, endsAt: endOf(device) });
          await change.audit({ action: 'client_device.create', target: id, name });
          return sealed(device);
        },
      );
    },

    async remove(caller: Caller, applicationId: string, clientId: string) {
      const target = `${applicationId}/${clientId}`;
      // Of what is gone already nothing is to be refused: it ended by itself, and whoever closes it is told so.
      const ephemeral = (await isOwnEphemeral(database.db, caller, target)) || !(await exists(applicationId, clientId));
      return units.write(
        caller,
        { action: 'client_device.delete', applicationId, target, ephemeral },
        async (change) => {
          const { id, name } = await vault.devices.get(applicationId, clientId);
          await vault.devices.remove(applicationId, clientId);
          await change.removed(id);
          await change.audit({ action: 'client_device.delete', target: id, name });
        },
      );
    },
  };
}

/** Whoever makes a configuration binds the device, so that a lock would lock it to this service's own address. */
function refuseLockedConfiguration({ initialization, ipLock }: Pick<ClientDeviceInput, 'initialization' | 'ipLock'>) {
  if (initialization === 'config' && ipLock) {
    const message =
      'is true (its default) with initialization "config": the service binds such a device itself, so it would be locked to the address of the service; expected false';
    throw new KsmError('invalid_request', `The request is not valid: ipLock ${message}.`, {
      errors: [{ field: '/ipLock', message }],
    });
  }
}

function ephemeralWithoutRun(): KsmError {
  const message = `is true, and without the header ${HEADER_RUN} no run would ever end the device`;
  return new KsmError(
    'invalid_request',
    `ephemeral ${message}. Send the id of a run that is renewed and settled, or leave ephemeral out.`,
    { errors: [{ field: '/ephemeral', message }] },
  );
}

/** When its unused token ends, in milliseconds since 1970. */
export const endOf = ({ tokenExpiresAt }: Pick<ClientDevice, 'tokenExpiresAt'>): number | undefined =>
  tokenExpiresAt === null ? undefined : Date.parse(tokenExpiresAt);

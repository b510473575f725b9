import { HEADER_RUN } from '../../contract/api';
import { KsmError } from '../../contract/errors';
import type { ClientDevice, ClientDeviceCreated } from '../../contract/types';
import type { Database } from '../store/database';
import type { NewClientDevice } from '../vault/vault';
import type { Caller } from './caller';
import type { Mutation } from './change/mutation';
import { isOwnEphemeral } from './run-item';
import { credentialSealer } from './sealed-credential';
import type { Units } from './unit';

/** `ephemeral`: for the caller's run alone, never held. */
export type ClientDeviceInput = NewClientDevice & {
  readonly ephemeral: boolean;
  /** Curve25519, base64. Undefined: the credential leaves in clear. */
  readonly sealToPublicKey?: string | undefined;
};

export function clientDeviceOperations({ units, database }: { units: Units; database: Database }) {
  const create: Mutation<ClientDeviceInput, null, 'client_device.create', ClientDeviceCreated> = {
    name: 'client_device.create',
    async look(vault, input, caller) {
      vault.requireName('client_device', input.name);
      refuseLockedConfiguration(input);
      if (input.ephemeral && caller.runId === undefined) throw ephemeralWithoutRun();
      await vault.requireLiving(input.applicationId);
      return null;
    },
    step: ({ ephemeral: _ephemeral, sealToPublicKey: _key, ...input }) => ({ name: 'client_device.create', input }),
    async outcome({ input: { ephemeral, sealToPublicKey }, result }, change) {
      const device = result!;
      const { id, name, initialization } = device;
      await change.made({ kind: 'client_device', id, initialization, ephemeral, endsAt: endOf(device) });
      await change.audit({ action: 'client_device.create', target: id, name });
      return (await credentialSealer(sealToPublicKey))(device);
    },
  };

  const remove: Mutation<ClientId, Named, 'client_device.remove', void> = {
    name: 'client_device.delete',
    async look(vault, { applicationId, clientId }) {
      const { id, name } = await vault.devices.get(applicationId, clientId);
      return { id, name };
    },
    step: (input) => ({ name: 'client_device.remove', input }),
    async outcome({ seen: { id, name } }, change) {
      await change.removed(id);
      await change.audit({ action: 'client_device.delete', target: id, name });
    },
  };

  return {
    mutations: [create, remove],

    list: (caller: Caller, applicationId: string) =>
      units.read(caller, { action: 'client_device.read', applicationId }, (vault) => vault.devices.list(applicationId)),

    get: (caller: Caller, applicationId: string, clientId: string) =>
      units.read(caller, { action: 'client_device.read', applicationId }, (vault) =>
        vault.devices.get(applicationId, clientId),
      ),

    /** The reply alone carries the credential. */
    async create(caller: Caller, input: ClientDeviceInput) {
      const { applicationId, ephemeral, sealToPublicKey } = input;
      // A key that nothing can be sealed to is refused before anything is made.
      await credentialSealer(sealToPublicKey);
      return units.change(caller, { action: 'client_device.create', applicationId, ephemeral }, create, input);
    },

    async remove(caller: Caller, applicationId: string, clientId: string) {
      const target = `${applicationId}/${clientId}`;
      // Of what is gone already nothing is to be refused: it ended by itself, and whoever closes it is told so.
      const ephemeral =
        (await isOwnEphemeral(database.db, caller, target)) ||
        !(await units.has(caller, (vault) => vault.devices.get(applicationId, clientId)));
      const demand = { action: 'client_device.delete', applicationId, target, ephemeral } as const;
      return units.change(caller, demand, remove, { applicationId, clientId });
    },
  };
}

export interface ClientId {
  readonly applicationId: string;
  readonly clientId: string;
}

export interface Named {
  readonly id: string;
  readonly name: string;
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

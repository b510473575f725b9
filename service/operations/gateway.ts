import type { Gateway, GatewayCreated } from '../../contract/types';
import type { NewGateway } from '../vault/vault';
import type { Caller } from './caller';
import type { Mutation } from './change/mutation';
import { type ClientId, endOf, type Named } from './client-device';
import { credentialSealer } from './sealed-credential';
import type { Units } from './unit';

export type GatewayInput = NewGateway & {
  /** Curve25519, base64. Undefined: the credential leaves in clear. */
  readonly sealToPublicKey?: string | undefined;
};

const create: Mutation<GatewayInput, null, 'gateway.create', GatewayCreated> = {
  name: 'gateway.create',
  async look(vault, { applicationId, name }) {
    vault.requireName('gateway', name);
    await vault.requireLiving(applicationId);
    return null;
  },
  step: ({ sealToPublicKey: _key, ...input }) => ({ name: 'gateway.create', input }),
  async outcome({ input: { sealToPublicKey }, result }, change) {
    const gateway = result!;
    const { id, name, initialization } = gateway;
    await change.made({ kind: 'gateway', id, initialization, endsAt: endOf(gateway) });
    await change.audit({ action: 'gateway.create', target: id, name });
    return (await credentialSealer(sealToPublicKey))(gateway);
  },
};

const rename: Mutation<ClientId & { name: string }, { before: string }, 'gateway.rename', Gateway> = {
  name: 'gateway.update',
  async look(vault, { applicationId, clientId, name }) {
    vault.requireName('gateway', name);
    return { before: (await vault.gateways.get(applicationId, clientId)).name };
  },
  step: (input) => ({ name: 'gateway.rename', input }),
  async outcome({ input: { name }, seen, result }, change) {
    const facts = { before: { name: seen.before }, after: { name } };
    await change.audit({ action: 'gateway.update', target: result!.id, name, ...facts });
    return result!;
  },
};

const remove: Mutation<ClientId, Named, 'gateway.remove', void> = {
  name: 'gateway.delete',
  async look(vault, { applicationId, clientId }) {
    const { id, name } = await vault.gateways.get(applicationId, clientId);
    return { id, name };
  },
  step: (input) => ({ name: 'gateway.remove', input }),
  async outcome({ seen: { id, name } }, change) {
    await change.removed(id);
    await change.audit({ action: 'gateway.delete', target: id, name });
  },
};

export function gatewayOperations(units: Units) {
  const targetOf = ({ applicationId, clientId }: ClientId) => ({
    applicationId,
    target: `${applicationId}/${clientId}`,
  });
  return {
    mutations: [create, rename, remove],

    list: (caller: Caller, applicationId: string) =>
      units.read(caller, { action: 'gateway.read', applicationId }, (vault) => vault.gateways.list(applicationId)),

    get: (caller: Caller, applicationId: string, clientId: string) =>
      units.read(caller, { action: 'gateway.read', applicationId }, (vault) =>
        vault.gateways.get(applicationId, clientId),
      ),

    /** The reply alone carries the credential. */
    async create(caller: Caller, input: GatewayInput) {
      const { applicationId, sealToPublicKey } = input;
      // A key that nothing can be sealed to is refused before anything is made.
      await credentialSealer(sealToPublicKey);
      return units.change(caller, { action: 'gateway.create', applicationId }, create, input);
    },

    rename: (caller: Caller, applicationId: string, clientId: string, name: string) => {
      const input = { applicationId, clientId, name };
      return units.change(caller, { action: 'gateway.update', ...targetOf(input) }, rename, input);
    },

    remove: (caller: Caller, applicationId: string, clientId: string) => {
      const input = { applicationId, clientId };
      return units.change(caller, { action: 'gateway.delete', ...targetOf(input) }, remove, input);
    },
  };
}

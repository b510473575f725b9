import type { GatewayCreated } from '../../contract/types';
import type { GatewayVault, Vault } from '../vault/vault';
import type { Caller } from './caller';
import { endOf } from './client-device';
import { credentialSealer } from './sealed-credential';
import type { Units } from './unit';

export type GatewayInput = Parameters<GatewayVault['create']>[0] & {
  /** Curve25519, base64. Undefined: the credential leaves in clear. */
  readonly sealToPublicKey?: string | undefined;
};

export function gatewayOperations(vault: Vault, units: Units) {
  return {
    list: (caller: Caller, applicationId: string) =>
      units.read(caller, { action: 'gateway.read', applicationId }, () => vault.gateways.list(applicationId)),

    get: (caller: Caller, applicationId: string, clientId: string) =>
      units.read(caller, { action: 'gateway.read', applicationId }, () => vault.gateways.get(applicationId, clientId)),

    /** The reply alone carries the credential. */
    async create(caller: Caller, { sealToPublicKey, ...input }: GatewayInput) {
      const sealed = await credentialSealer(sealToPublicKey);
      return units.write(
        caller,
        { action: 'gateway.create', applicationId: input.applicationId },
        async (change): Promise<GatewayCreated> => {
          const gateway = await vault.gateways.create(input);
          const { id, name, initialization } = gateway;
          await change.made({ kind: 'gateway', id, initialization, endsAt: endOf(gateway) });
          await change.audit({ action: 'gateway.create', target: id, name });
          return sealed(gateway);
        },
      );
    },

    rename: (caller: Caller, applicationId: string, clientId: string, name: string) =>
      units.write(
        caller,
        { action: 'gateway.update', applicationId, target: `${applicationId}/${clientId}` },
        async (change) => {
          const before = await vault.gateways.get(applicationId, clientId);
          const gateway = await vault.gateways.rename(applicationId, clientId, name);
          await change.audit({
            action: 'gateway.update',
            target: gateway.id,
            name,
            before: { name: before.name },
            after: { name },
          });
          return gateway;
        },
      ),

    remove: (caller: Caller, applicationId: string, clientId: string) =>
      units.write(
        caller,
        { action: 'gateway.delete', applicationId, target: `${applicationId}/${clientId}` },
        async (change) => {
          const { id, name } = await vault.gateways.get(applicationId, clientId);
          await vault.gateways.remove(applicationId, clientId);
          await change.removed(id);
          await change.audit({ action: 'gateway.delete', target: id, name });
        },
      ),
  };
}

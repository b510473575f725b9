import type { GrantVault, Vault } from '../vault/vault';
import type { Caller } from './caller';
import type { Units } from './unit';

export function grantOperations(vault: Vault, units: Units) {
  return {
    list: (caller: Caller, applicationId: string) => units.read(caller, () => vault.grants.list(applicationId)),

    get: (caller: Caller, applicationId: string, secretUid: string) =>
      units.read(caller, () => vault.grants.get(applicationId, secretUid), `${applicationId}/${secretUid}`),

    put: (caller: Caller, input: Parameters<GrantVault['put']>[0]) =>
      units.write(caller, async (change) => {
        const put = await vault.grants.put(input);
        const { id, title } = put.grant;
        if (put.outcome === 'created') {
          await change.made('grant', id);
          await change.audit({ action: 'grant.create', target: id, name: title });
        } else if (put.outcome === 'updated') {
          await change.audit({ action: 'grant.update', target: id, name: title });
        }
        return put;
      }),

    remove: (caller: Caller, applicationId: string, secretUid: string) =>
      units.write(caller, async (change) => {
        const { id, title } = await vault.grants.get(applicationId, secretUid);
        await vault.grants.remove(applicationId, secretUid);
        await change.removed(id);
        await change.audit({ action: 'grant.delete', target: id, name: title });
      }),
  };
}

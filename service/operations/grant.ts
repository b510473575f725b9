import { KsmError } from '../../contract/errors';
import type { Grant } from '../../contract/types';
import type { Database } from '../store/database';
import type { GrantVault, Vault } from '../vault/vault';
import type { Caller } from './caller';
import { drawGeneration, forgetGeneration, generationOf, withGenerations } from './grant-generation';
import { grantFor } from './policy';
import type { Units } from './unit';

type GrantPut = Parameters<GrantVault['put']>[0];

export function grantOperations(vault: Vault, units: Units, database: Database) {
  return {
    list: (caller: Caller, applicationId: string): Promise<Grant[]> =>
      units.read(caller, { action: 'grant.read', applicationId }, async () => {
        const grants = await withGenerations(database.db, applicationId, await vault.grants.list(applicationId));
        return grants.map((grant) => grantFor(caller.principal, grant));
      }),

    get: (caller: Caller, applicationId: string, secretUid: string): Promise<Grant> =>
      units.read(caller, { action: 'grant.read', applicationId }, async () => {
        const grant = await vault.grants.get(applicationId, secretUid);
        return grantFor(caller.principal, { ...grant, generation: await generationOf(database.db, grant.id) });
      }),

    /** With `createOnly` it is a creation or an adoption, and takes the grant over. */
    put(caller: Caller, input: GrantPut) {
      const { applicationId, secretUid, editable, createOnly } = input;
      return units.write(caller, { action: 'grant.put', applicationId, secretUid, editable }, async (change) => {
        const { grant, outcome, before } = await vault.grants.put(input);
        const { id, title } = grant;
        const takesOver = createOnly || outcome === 'created';
        const generation = takesOver ? await drawGeneration(database.db, id) : await generationOf(database.db, id);
        if (outcome === 'created') {
          await change.made({ kind: 'grant', id });
          await change.audit({ action: 'grant.create', target: id, secretName: title, after: { editable } });
        } else if (outcome === 'updated') {
          // It is in the state of whoever changes it.
          await change.removed(id);
          await change.audit({ action: 'grant.update', target: id, secretName: title, before, after: { editable } });
        } else if (takesOver) {
          // Whose run made it counts no more: another declaration has it now.
          await change.removed(id);
          await change.audit({ action: 'grant.adopt', target: id, secretName: title, after: { editable } });
        }
        return { grant: { ...grant, generation }, outcome };
      });
    },

    /**
     * @param known the generation that the caller knows; undefined: whatever it is
     * @throws KsmError `grant_taken_over`: nothing was deleted then
     */
    remove: (caller: Caller, applicationId: string, secretUid: string, known?: string) =>
      units.write(caller, { action: 'grant.delete', applicationId, secretUid }, async (change) => {
        const { id, title, editable } = await vault.grants.get(applicationId, secretUid);
        const generation = await generationOf(database.db, id);
        if (known !== undefined && generation !== null && generation !== known) {
          throw new KsmError(
            'grant_taken_over',
            `The grant of ${secretUid} to the application ${applicationId} was created or adopted again after the one that is to be deleted. Nothing was deleted: whoever declared it last keeps it.`,
          );
        }
        await vault.grants.remove(applicationId, secretUid);
        await forgetGeneration(database.db, id);
        await change.removed(id);
        await change.audit({ action: 'grant.delete', target: id, secretName: title, before: { editable } });
      }),
  };
}

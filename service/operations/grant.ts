import { KsmError } from '../../contract/errors';
import type { Grant } from '../../contract/types';
import type { Database } from '../store/database';
import type { GrantOutcome, GrantPut } from '../vault/vault';
import type { Caller } from './caller';
import type { Mutation } from './change/mutation';
import { drawGeneration, forgetGeneration, generationOf, withGenerations } from './grant-generation';
import { grantFor } from './policy';
import type { Units } from './unit';

interface GrantRemoval {
  readonly applicationId: string;
  readonly secretUid: string;
  /** The generation that the caller knows; undefined: whatever it is. */
  readonly known?: string | undefined;
}

interface GrantSeen {
  readonly id: string;
  readonly title: string | null;
  readonly editable: boolean;
}

export function grantOperations({ units, database }: { units: Units; database: Database }) {
  /** With `createOnly` it is a creation or an adoption, and takes the grant over. */
  const put: Mutation<GrantPut, null, 'grant.put', { grant: Grant; outcome: GrantOutcome['outcome'] }> = {
    name: 'grant.put',
    async look(vault, { applicationId, secretUid }) {
      await vault.requireLiving(applicationId);
      await vault.freeGrant(applicationId, secretUid);
      return null;
    },
    step: (input) => ({ name: 'grant.put', input }),
    async outcome({ input: { createOnly, editable }, result }, change) {
      const { grant, outcome, before } = result!;
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
    },
  };

  const remove: Mutation<GrantRemoval, GrantSeen, 'grant.remove', void> = {
    name: 'grant.delete',
    async look(vault, { applicationId, secretUid, known }) {
      const { id, title, editable } = await vault.grants.get(applicationId, secretUid);
      const generation = await generationOf(database.db, id);
      if (known !== undefined && generation !== null && generation !== known) {
        throw new KsmError(
          'grant_taken_over',
          `The grant of ${secretUid} to the application ${applicationId} was created or adopted again after the one that is to be deleted. Nothing was deleted: whoever declared it last keeps it.`,
        );
      }
      return { id, title, editable };
    },
    step: ({ applicationId, secretUid }) => ({ name: 'grant.remove', input: { applicationId, secretUid } }),
    async outcome({ seen: { id, title, editable } }, change) {
      await forgetGeneration(database.db, id);
      await change.removed(id);
      await change.audit({ action: 'grant.delete', target: id, secretName: title, before: { editable } });
    },
  };

  return {
    mutations: [put, remove],

    list: (caller: Caller, applicationId: string): Promise<Grant[]> =>
      units.read(caller, { action: 'grant.read', applicationId }, async (vault) => {
        const grants = await withGenerations(database.db, applicationId, await vault.grants.list(applicationId));
        return grants.map((grant) => grantFor(caller.principal, grant));
      }),

    get: (caller: Caller, applicationId: string, secretUid: string): Promise<Grant> =>
      units.read(caller, { action: 'grant.read', applicationId }, async (vault) => {
        const grant = await vault.grants.get(applicationId, secretUid);
        return grantFor(caller.principal, { ...grant, generation: await generationOf(database.db, grant.id) });
      }),

    put(caller: Caller, input: GrantPut) {
      const { applicationId, secretUid, editable } = input;
      return units.change(caller, { action: 'grant.put', applicationId, secretUid, editable }, put, input);
    },

    /**
     * @param known the generation that the caller knows; undefined: whatever it is
     * @throws KsmError `grant_taken_over`: nothing was deleted then
     */
    remove(caller: Caller, applicationId: string, secretUid: string, known?: string) {
      const input = { applicationId, secretUid, known };
      return units.change(caller, { action: 'grant.delete', applicationId, secretUid }, remove, input);
    },
  };
}

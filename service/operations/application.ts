import type { ApplicationPart, ApplicationSnapshot } from '../../contract/types';
import type { Database } from '../store/database';
import type { PageRequest, Vault } from '../vault/vault';
import type { Caller } from './caller';
import { forgetGenerations, withGenerations } from './grant-generation';
import { applicationPatterns } from './policy';
import type { Units } from './unit';

export function applicationOperations(vault: Vault, units: Units, database: Database) {
  return {
    list: (caller: Caller, page: PageRequest & { name?: string | undefined }) =>
      units.read(caller, { action: 'application.list' }, () =>
        vault.applications.list({ ...page, only: applicationPatterns(caller.principal) }),
      ),

    get: (caller: Caller, applicationId: string, include: ReadonlySet<ApplicationPart>): Promise<ApplicationSnapshot> =>
      units.read(caller, { action: 'application.read', applicationId }, async () => {
        const { grants, ...snapshot } = await vault.applications.snapshot(applicationId, include);
        return grants ? { ...snapshot, grants: await withGenerations(database.db, applicationId, grants) } : snapshot;
      }),

    create: (caller: Caller, input: { name: string }) =>
      units.write(caller, { action: 'application.create', name: input.name }, async (change) => {
        const application = await vault.applications.create(input);
        const { id, name } = application;
        await change.made({ kind: 'application', id });
        await change.audit({ action: 'application.create', target: id, name });
        return application;
      }),

    rename: (caller: Caller, applicationId: string, name: string) =>
      units.write(caller, { action: 'application.update', applicationId, name }, async (change) => {
        const before = await vault.applications.get(applicationId);
        const application = await vault.applications.rename(applicationId, name);
        await change.audit({
          action: 'application.update',
          target: applicationId,
          name,
          before: { name: before.name },
          after: { name },
        });
        return application;
      }),

    remove: (caller: Caller, applicationId: string, options: { force: boolean }) =>
      units.write(caller, { action: 'application.delete', applicationId }, async (change) => {
        const { name } = await vault.applications.get(applicationId);
        await vault.applications.remove(applicationId, options);
        await forgetGenerations(database.db, applicationId);
        await change.removed(applicationId);
        await change.audit({ action: 'application.delete', target: applicationId, name });
      }),
  };
}

import type { ApplicationPart } from '../../contract/types';
import type { PageRequest, Vault } from '../vault/vault';
import type { Caller } from './caller';
import type { Units } from './unit';

export function applicationOperations(vault: Vault, units: Units) {
  return {
    list: (caller: Caller, page: PageRequest & { name?: string | undefined }) =>
      units.read(caller, () => vault.applications.list(page)),

    get: (caller: Caller, id: string, include: ReadonlySet<ApplicationPart>) =>
      units.read(caller, () => vault.applications.snapshot(id, include), id),

    create: (caller: Caller, input: { name: string }) =>
      units.write(caller, async (change) => {
        const application = await vault.applications.create(input);
        await change.made('application', application.id);
        await change.audit({ action: 'application.create', target: application.id, name: application.name });
        return application;
      }),

    rename: (caller: Caller, id: string, name: string) =>
      units.write(caller, async (change) => {
        const application = await vault.applications.rename(id, name);
        await change.audit({ action: 'application.update', target: id, name });
        return application;
      }),

    remove: (caller: Caller, id: string, options: { force: boolean }) =>
      units.write(caller, async (change) => {
        const { name } = await vault.applications.get(id);
        await vault.applications.remove(id, options);
        await change.removed(id);
        await change.audit({ action: 'application.delete', target: id, name });
      }),
  };
}

import type { PageRequest, Vault } from '../vault/vault';
import type { Caller } from './caller';
import type { Units } from './unit';

export function secretOperations(vault: Vault, units: Units) {
  return {
    find: (caller: Caller, uid: string) => units.read(caller, { action: 'secret.read' }, () => vault.secrets.find(uid)),

    sharedFolders: (caller: Caller, page: PageRequest & { name?: string | undefined }) =>
      units.read(caller, { action: 'secret.read' }, () => vault.secrets.sharedFolders(page)),
  };
}

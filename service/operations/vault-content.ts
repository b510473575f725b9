import { KsmError } from '../../contract/errors';
import type { PageRequest, Vault, VaultContent } from '../vault/vault';
import type { Caller } from './caller';
import type { Units } from './unit';

/** Loading shared folders and records, where the vault is our own. */
export function vaultContentOperations(vault: Vault, units: Units) {
  const content = (): VaultContent => {
    if (!vault.content) {
      throw new KsmError(
        'unsupported_by_vault',
        `The vault of this service is of the kind "${vault.kind}": its folders and records are loaded and listed with its own tools, not here.`,
      );
    }
    return vault.content;
  };
  return {
    folders: (caller: Caller, page: PageRequest) =>
      units.read(caller, { action: 'vault_content.read' }, () => content().folders(page)),

    records: (caller: Caller, page: PageRequest) =>
      units.read(caller, { action: 'vault_content.read' }, () => content().records(page)),

    putFolder: (caller: Caller, input: Parameters<VaultContent['putFolder']>[0]) =>
      units.write(caller, { action: 'vault_content.write' }, async (change) => {
        const put = await content().putFolder(input);
        const action = put.created ? 'folder.create' : 'folder.update';
        await change.audit({ action, target: put.folder.uid, secretName: put.folder.name });
        return put;
      }),

    putRecord: (caller: Caller, input: Parameters<VaultContent['putRecord']>[0]) =>
      units.write(caller, { action: 'vault_content.write' }, async (change) => {
        const put = await content().putRecord(input);
        const action = put.created ? 'record.create' : 'record.update';
        await change.audit({ action, target: put.record.uid, secretName: put.record.title });
        return put;
      }),
  };
}

import { KsmError } from '../../contract/errors';
import type { Database } from '../store/database';
import type { Vault } from '../vault/port';
import type { PageRequest, RecordPut, RemovedContent, VaultContent } from '../vault/vault';
import type { Caller } from './caller';
import type { Calls } from './calls';
import type { Change, Written } from './change/mutation';
import { forgetGeneration } from './grant-generation';
import type { Demand } from './policy';
import type { Units } from './unit';

/** Loading and deleting shared folders and records, where the vault is our own. */
export function vaultContentOperations(parts: { vault: Vault; calls: Calls; units: Units; database: Database }) {
  const { vault, calls, units, database } = parts;
  /** A vault that has this is transactional: content and audit event are one transaction. */
  const content = (): VaultContent => {
    const { content } = vault.during(calls.own());
    if (!content) {
      throw new KsmError(
        'unsupported_by_vault',
        `The vault of this service is of the kind "${vault.kind}": its folders and records are loaded and listed with its own tools, not here.`,
      );
    }
    return content;
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

    async putRecord(caller: Caller, input: Parameters<VaultContent['putRecord']>[0]): Promise<Written<RecordPut>> {
      const demand: Demand = { action: 'vault_content.write' };
      if (input.dryRun) {
        return { value: await units.read(caller, demand, () => content().putRecord(input)), replayed: false };
      }
      return units.write(caller, demand, async (change) => {
        const put = await content().putRecord(input);
        const { record, created, movedFrom } = put;
        const move =
          movedFrom === undefined ? {} : { before: { folderUid: movedFrom }, after: { folderUid: record.folderUid } };
        const action = created ? 'record.create' : 'record.update';
        await change.audit({ action, target: record.uid, secretName: record.title, ...move });
        return put;
      });
    },

    removeFolder: (caller: Caller, uid: string, options: { force: boolean }) =>
      units.write(caller, { action: 'vault_content.write' }, async (change) => {
        await note(change, await content().removeFolder(uid, options));
      }),

    removeRecord: (caller: Caller, uid: string) =>
      units.write(caller, { action: 'vault_content.write' }, async (change) => {
        await note(change, await content().removeRecord(uid));
      }),
  };

  /** One event for each thing that ended. */
  async function note(change: Change, { items, grants }: RemovedContent): Promise<void> {
    for (const { id, title, editable } of grants) {
      await forgetGeneration(database.db, id);
      await change.removed(id);
      const reason = 'the secret was deleted';
      await change.audit({ action: 'grant.delete', target: id, secretName: title, before: { editable }, reason });
    }
    for (const { kind, uid, name } of items) {
      await change.audit({ action: `${kind}.delete`, target: uid, secretName: name });
    }
  }
}

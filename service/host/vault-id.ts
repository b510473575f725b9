import type { Database } from '../store/database';
import { readSetting, writeSetting } from '../store/setting';
import { randomId } from '../world/random-id';

/**
 * The id of the vault behind this service: drawn once with its store, kept by backups. A Terraform state belongs to
 * one vault, and the provider refuses another.
 *
 * @param restated by `--vault-id`: the id of a vault whose store was lost, or of one that two services share
 */
export function ensureVaultId(database: Database, restated?: string): Promise<string> {
  return database.transaction(async () => {
    const known = await readSetting(database, 'vault_id');
    const id = restated ?? known ?? randomId();
    if (id !== known) await writeSetting(database, 'vault_id', id);
    return id;
  });
}

/** Makes it another vault: what is stored under the id of before is refused from now on. */
export const renewVaultId = (database: Database): Promise<void> => writeSetting(database, 'vault_id', randomId());

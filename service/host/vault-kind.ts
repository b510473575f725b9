import type { Database } from '../store/database';
import { readSetting, writeSetting } from '../store/setting';
import { StartError } from './start-error';

export type VaultKind = 'embedded' | 'commander';

/**
 * A data folder belongs to one kind of vault: what it has noted of applications and runs means nothing on another.
 *
 * @throws StartError `vault_kind_changed`
 */
export function ensureVaultKind(database: Database, kind: VaultKind): Promise<void> {
  return database.transaction(async () => {
    const known = (await readSetting(database, 'vault_kind')) ?? (await kindOfBefore(database));
    if (known !== undefined && known !== kind) {
      throw new StartError(
        'vault_kind_changed',
        `The data folder is that of a service with the vault "${known}", and it was started with --vault ${kind}. Give another --data, or --vault ${known}.`,
      );
    }
    await writeSetting(database, 'vault_kind', kind);
  });
}

/** Services of before had no choice. */
async function kindOfBefore({ db }: Database): Promise<VaultKind | undefined> {
  const keys = await db.selectFrom('vault_keys').select('name').executeTakeFirst();
  return keys && 'embedded';
}

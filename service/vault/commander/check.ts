/** What this driver keeps of what Keeper does not tell, held against itself: Keeper is not asked. */

import type { Kysely } from 'kysely';
import { ITEM_ID_PATTERN } from '../../../contract/limits';
import type { Snapshot } from '../../store/database';
import type { Check } from '../check';
import { type CommanderTables, DRIVER, migrations } from './tables';

/** @throws StoreError `database_older`, `database_newer`, `database_foreign` for tables that are not these */
export async function checkCommanderVault({
  snapshot,
  check,
}: {
  snapshot: Pick<Snapshot, 'db' | 'hasDriver'>;
  check: Check;
}): Promise<void> {
  if (!(await snapshot.hasDriver(DRIVER, migrations))) return;
  const db = snapshot.db as unknown as Kysely<CommanderTables>;
  const known = new Set<string>();
  for (const row of await db.selectFrom('commander_clients').selectAll().execute()) {
    check.seen('commander_clients');
    known.add(`${row.application_id}/${row.client_id}`);
    if (row.gateway_uid !== null && row.kind !== 'gateway') {
      check.found('commander_clients', row.client_id, 'it has the UID of a gateway, and is a device');
    }
    if ((row.token_expires_at === null) !== (row.initialization === 'config')) {
      check.found('commander_clients', row.client_id, 'a one-time token has an end, a configuration has none');
    }
  }
  for (const row of await db.selectFrom('commander_suspects').selectAll().execute()) {
    const { item_id: id } = row;
    check.seen('commander_suspects');
    const found = (finding: string) => check.found('commander_suspects', id, finding);
    if (!ITEM_ID.test(id)) found('its id is none of a device or gateway, so nothing can be removed by it');
    // What is certainly ours has its credential in somebody's hands.
    if (known.has(id)) found('it is suspected, and known as what the service made');
    if (row.kind !== 'client_device' && row.kind !== 'gateway') found(`it is neither a device nor a gateway`);
    if (row.ends_at !== null && row.ends_at < row.created_at) found('its token ends before it was asked for');
  }
}

const ITEM_ID = new RegExp(ITEM_ID_PATTERN.replace(')?$', ')$'));

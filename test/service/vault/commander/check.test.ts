/** `vault check` of a data folder whose vault is the real Keeper: it looks at the driver's own tables too. */

import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Kysely } from 'kysely';
import { checkVault } from '../../../../service/check';
import { ensureVaultKind } from '../../../../service/host/vault-kind';
import { type Database, openDatabase } from '../../../../service/store/database';
import { openMasterKey } from '../../../../service/store/master-key';
import { createCommanderVault } from '../../../../service/vault/commander/commander';
import {
  type ClientNoteRow,
  type CommanderTables,
  DRIVER,
  migrations,
  type SuspectRow,
} from '../../../../service/vault/commander/tables';
import { systemClock } from '../../../../service/world/clock';

const APPLICATION = 'A'.repeat(22);
const client = (letter: string) => letter.repeat(86);
const device: ClientNoteRow = {
  client_id: client('b'),
  application_id: APPLICATION,
  kind: 'device',
  name: 'ci',
  initialization: 'token',
  hostname: null,
  created_at: 1,
  token_expires_at: 2,
  access_expires_at: null,
  gateway_uid: null,
  other_uids: null,
};
const suspect: SuspectRow = {
  item_id: `${APPLICATION}/${client('c')}`,
  kind: 'client_device',
  name: 'ci',
  operation_id: 'O'.repeat(22),
  principal: 'ci',
  run_id: null,
  created_at: 1,
  ends_at: 2,
};

let dataDir: string;
let database: Database;
let tables: Kysely<CommanderTables>;
beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'ksm-commander-check-'));
  mkdirSync(dataDir, { recursive: true });
  database = await openDatabase({ file: join(dataDir, 'service.db') });
  await openMasterKey({ database, file: join(dataDir, 'master.key') });
  await ensureVaultKind(database, 'commander');
  tables = database.db as unknown as Kysely<CommanderTables>;
});
afterEach(async () => {
  await database.close();
  rmSync(dataDir, { recursive: true });
});

test('what fits together is sound, and each row of the driver was looked at', async () => {
  await createCommanderVault({ url: 'http://127.0.0.1:1', apiKey: 'none', database, clock: systemClock });
  await tables.insertInto('commander_clients').values(device).execute();
  await tables.insertInto('commander_suspects').values(suspect).execute();
  expect(await checkVault({ dataDir })).toMatchObject({
    sound: true,
    checked: { commander_clients: 1, commander_suspects: 1 },
  });
});

test.each<[string, Partial<ClientNoteRow>, Partial<SuspectRow>]>([
  ['neither a device nor a gateway', {}, { kind: 'folder' as 'gateway' }],
  ['its id is none', {}, { item_id: APPLICATION }],
  ['suspected, and known', {}, { item_id: `${APPLICATION}/${device.client_id}` }],
  ['ends before it was asked for', {}, { ends_at: 0 }],
  ['a configuration has none', { initialization: 'config' }, {}],
  ['is a device', { gateway_uid: 'G'.repeat(22) }, {}],
])('%s: that is found', async (finding, ofDevice, ofSuspect) => {
  await database.migrateDriver(DRIVER, migrations);
  await tables
    .insertInto('commander_clients')
    .values({ ...device, ...ofDevice })
    .execute();
  await tables
    .insertInto('commander_suspects')
    .values({ ...suspect, ...ofSuspect })
    .execute();
  const { findings } = await checkVault({ dataDir });
  expect(findings).toEqual([expect.objectContaining({ finding: expect.stringContaining(finding) })]);
});

test('tables of an older version are said to be so', async () => {
  await database.migrateDriver(DRIVER, migrations.slice(0, 1));
  await expect(checkVault({ dataDir })).rejects.toMatchObject({ code: 'database_older' });
});

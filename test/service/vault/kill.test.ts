import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { sql } from 'kysely';
import { openDatabase } from '../../../service/store/database';
import { openMasterKey } from '../../../service/store/master-key';
import { createEmbeddedVault } from '../../../service/vault/embedded/embedded';

const ROOT = join(__dirname, '../../..');

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ksm-kill-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

async function openVault() {
  const database = await openDatabase({ file: join(folder, 'vault.db') });
  const masterKey = await openMasterKey({ database, file: join(folder, 'master.key') });
  const hostname = () => 'localhost:1';
  return { database, vault: await createEmbeddedVault({ database, masterKey, clock: { now: Date.now }, hostname }) };
}

/** Runs devices.ts until it has told of `count` devices, then kills it in the middle of the next. */
async function createUntilKilled(applicationId: string, count: number): Promise<string[]> {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', join(__dirname, 'create-devices.ts'), folder, applicationId],
    {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const exit = once(child, 'exit');
  const told: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    told.push(line);
    if (told.length === count) {
      child.kill('SIGKILL');
    }
  }
  expect(await exit).toEqual([null, 'SIGKILL']);
  return told;
}

test('a process that is killed while it creates devices leaves every device it told of, whole pairs, and a sound file', async () => {
  const first = await openVault();
  const { id } = await first.vault.applications.create({ name: 'payments' });
  await first.database.close();

  const told: string[] = [];
  for (const count of [7, 23]) {
    told.push(...(await createUntilKilled(id, count)));
    const { vault, database } = await openVault();
    const devices = await vault.devices.list(id);
    const stored = new Set(devices.map((device) => device.clientId));
    expect(told.filter((clientId) => !stored.has(clientId))).toEqual([]);
    // Each transaction made a pair: a half of one would be an odd number.
    expect(devices.length % 2).toBe(0);
    const check = await sql<{ integrity_check: string }>`PRAGMA integrity_check`.execute(database.db);
    expect(check.rows).toEqual([{ integrity_check: 'ok' }]);
    expect((await sql`PRAGMA foreign_key_check`.execute(database.db)).rows).toEqual([]);
    await database.close();
  }
});

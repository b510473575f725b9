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
import { systemClock } from '../../../service/world/clock';

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
  return { database, vault: await createEmbeddedVault({ database, masterKey, clock: systemClock, hostname }) };
}

/** Runs create-devices.ts and kills it at the first line that `isLast`; the client ids that it told of. */
async function createUntilKilled(
  applicationId: string,
  pairs: number,
  isLast: (line: string, lines: number) => boolean,
): Promise<string[]> {
  const script = join(__dirname, 'create-devices.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', script, folder, applicationId, String(pairs)], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exit = once(child, 'exit');
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line);
    if (isLast(line, lines.length)) {
      child.kill('SIGKILL');
    }
  }
  expect(await exit).toEqual([null, 'SIGKILL']);
  return lines.filter((line) => line !== 'half');
}

test('a process that is killed while it creates devices leaves every device it told of, whole pairs, and a sound file', async () => {
  const first = await openVault();
  const { id } = await first.vault.applications.create({ name: 'payments' });
  await first.database.close();

  const told: string[] = [];
  const halfway = (line: string) => line === 'half';
  const anywhere = (_: string, lines: number) => lines === 23;
  for (const [pairs, isLast] of [
    [3, halfway],
    [1_000, anywhere],
  ] as const) {
    told.push(...(await createUntilKilled(id, pairs, isLast)));
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

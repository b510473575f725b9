import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clientIdOf } from '../../../contract/one-time-token';
import { type Database, openDatabase } from '../../../service/store/database';
import { type MasterKey, openMasterKey } from '../../../service/store/master-key';
import { newKeyPair } from '../../../service/vault/embedded/crypto';
import { createEmbeddedVault, type EmbeddedVault } from '../../../service/vault/embedded/embedded';
import type { Clock } from '../../../service/world/clock';

export interface TemporaryVault {
  readonly vault: EmbeddedVault;
  readonly database: Database;
  readonly masterKey: MasterKey;
  readonly clock: Clock;
  readonly folder: string;
  passMinutes(minutes: number): void;
  /** Somebody sets the clock of the machine: no time passes. */
  setClock(minutes: number): void;
  close(): Promise<void>;
}

/** The embedded vault in a folder of its own, with a clock that stands until it is moved. */
export async function temporaryVault(
  options: { hostname?: () => string; clock?: Pick<TemporaryVault, 'clock'>; startedAt?: number } = {},
): Promise<TemporaryVault> {
  const folder = mkdtempSync(join(tmpdir(), 'ksm-vault-'));
  const database = await openDatabase({ file: join(folder, 'vault.db') });
  const masterKey = await openMasterKey({ database, file: join(folder, 'master.key') });
  let now = options.startedAt ?? Date.UTC(2030, 0, 1);
  let passed = 0;
  const clock: Clock = options.clock?.clock ?? { now: () => now, monotonic: () => passed };
  const hostname = options.hostname ?? (() => '127.0.0.1:8443');
  return {
    vault: await createEmbeddedVault({ database, masterKey, clock, hostname }),
    database,
    masterKey,
    clock,
    folder,
    passMinutes(minutes) {
      now += minutes * 60_000;
      passed += minutes * 60_000;
    },
    setClock(minutes) {
      now += minutes * 60_000;
    },
    async close() {
      await database.close();
      rmSync(folder, { recursive: true });
    },
  };
}

/** Binds a device as the device API does when it comes with this token. */
export async function redeem({ redemption }: EmbeddedVault, clock: Clock, oneTimeToken: string | null): Promise<void> {
  const client = await redemption.find(clientIdOf(Buffer.from(oneTimeToken!, 'base64url')));
  if (!client || clock.now() >= client.tokenExpiresAt) throw new Error('refused');
  await redemption.bind(client, newKeyPair().publicKey, '127.0.0.1', async () => undefined);
}

/** A typed record with one password. */
export const login = (title: string, password: string) => ({
  title,
  type: 'login',
  fields: [
    { type: 'login', value: ['app'] },
    { type: 'password', value: [password] },
  ],
});

/** Two shared folders, a folder inside the first, a record in the first, one in the inner folder and one in none. */
export async function fillVault({ content }: EmbeddedVault) {
  const folder = (await content.putFolder({ name: 'Databases' })).folder.uid;
  const subfolder = (await content.putFolder({ name: 'Production', parentUid: folder })).folder.uid;
  const otherFolder = (await content.putFolder({ name: 'Other' })).folder.uid;
  const put = async (title: string, password: string, folderUid: string | null) =>
    (await content.putRecord({ folderUid, data: login(title, password) })).record.uid;
  return {
    folder,
    subfolder,
    otherFolder,
    record: await put('In folder', 'canary-password-1', folder),
    innerRecord: await put('In subfolder', 'canary-password-2', subfolder),
    otherRecord: await put('Elsewhere', 'canary-password-3', otherFolder),
    loneRecord: await put('Lone', 'canary-password-4', null),
  };
}

import { copyFileSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { backUp } from '../../../service/host/backup';
import { restore } from '../../../service/host/restore';
import type { RunningService } from '../../../service/main';
import { ask, start, type Temporary, temporaryFolder } from '../running-service';

let temporary: Temporary;
beforeEach(() => {
  temporary = temporaryFolder();
});
afterEach(() => temporary.remove());

const add = (service: RunningService, name: string) =>
  ask(service, 'POST', '/v1/applications', { body: JSON.stringify({ name }) });
const names = async (service: RunningService) =>
  ((await ask(service, 'GET', '/v1/applications')).json.items as { name: string }[]).map(({ name }) => name);
const vaultId = async (service: RunningService) => (await ask(service, 'GET', '/v1/info')).json.vaultId as string;

test('what was backed up while it ran is restored over it and elsewhere, and is in clear nowhere', async () => {
  const dataDir = join(temporary.folder, 'data');
  const file = join(temporary.folder, 'backup');
  const service = await start(dataDir);
  const id = await vaultId(service);
  await add(service, 'before');
  await backUp({ dataDir, file });
  await add(service, 'after');
  await expect(restore({ dataDir, file })).rejects.toMatchObject({ code: 'data_folder_in_use' });
  await service.stop();
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readFileSync(file).includes('before')).toBe(false);

  await restore({ dataDir, file });
  const again = await start(dataDir);
  expect({ names: await names(again), id: await vaultId(again) }).toEqual({ names: ['before'], id });
  await again.stop();

  const masterKeyFile = join(temporary.folder, 'key');
  copyFileSync(join(dataDir, 'master.key'), masterKeyFile);
  const elsewhere = join(temporary.folder, 'elsewhere');
  await restore({ dataDir: elsewhere, file, masterKeyFile, newVaultId: true });
  const clone = await start(elsewhere);
  expect(await names(clone)).toEqual(['before']);
  expect(await vaultId(clone)).not.toBe(id);
  await clone.stop();

  writeFileSync(masterKeyFile, Buffer.alloc(32));
  const refused = { dataDir: join(temporary.folder, 'third'), file, masterKeyFile };
  await expect(restore(refused)).rejects.toMatchObject({ code: 'backup_key_wrong' });
  const bytes = readFileSync(file);
  bytes[bytes.length - 1]! ^= 1;
  writeFileSync(file, bytes);
  await expect(restore({ dataDir, file })).rejects.toMatchObject({ code: 'backup_unusable' });
});

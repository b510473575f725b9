import { chownSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { checkVault } from '../../../service/check';
import { backUp } from '../../../service/host/backup';
import { recoverAdminToken } from '../../../service/host/recover-admin-token';
import { restore } from '../../../service/host/restore';
import { start, type Temporary, temporaryFolder } from '../running-service';

let temporary: Temporary;
let dataDir: string;
beforeEach(async () => {
  temporary = temporaryFolder();
  dataDir = join(temporary.folder, 'data');
  await (await start(dataDir)).stop();
});
afterEach(() => temporary.remove());

// Only root may give a file away.
const asRoot = process.getuid?.() === 0 ? test : test.skip;

asRoot('root leaves nothing of its own in the folder of a service that is another user', async () => {
  const file = join(temporary.folder, 'backup');
  await backUp({ dataDir, file });
  chownSync(join(dataDir, 'service.db'), 54_321, 54_321);
  const before = readdirSync(dataDir);
  const refusal = { code: 'data_folder_of_another', message: expect.stringContaining("sudo -u '#54321'") };
  await expect(backUp({ dataDir, file })).rejects.toMatchObject(refusal);
  await expect(restore({ dataDir, file })).rejects.toMatchObject(refusal);
  await expect(checkVault({ dataDir })).rejects.toMatchObject(refusal);
  await expect(recoverAdminToken({ dataDir })).rejects.toMatchObject(refusal);
  expect(readdirSync(dataDir)).toEqual(before);
});

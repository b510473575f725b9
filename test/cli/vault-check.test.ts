import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Libsql from 'libsql';
import { startService } from '../../service/main';
import { runCli } from '../support/cli';

jest.setTimeout(240_000);

let folder: string;
let data: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ksm-iac-check-'));
  data = join(folder, 'data');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const check = (...args: string[]) => runCli(['vault', 'check', '--data', data, ...args]);

test('vault check says that a folder is sound while its service runs, and what is wrong in one that is not', async () => {
  const service = await startService({ dataDir: data, listen: '127.0.0.1:0', logLevel: 'silent' });
  expect(await check()).toMatchObject({
    code: 0,
    stdout: '',
    stderr: expect.stringMatching(/is sound: \d+ rows were checked/),
  });
  await service.stop();

  const database = new Libsql(join(data, 'service.db'));
  database.exec("update vault_keys set private_key = zeroblob(60) where name = 'owner'");
  database.close();
  const finding = 'the private key does not open with the master key';
  const { code, stdout, stderr } = await check();
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: expect.stringMatching(/^error: 1 thing does not hold in .*restore a backup/),
  });
  expect(stdout).toMatch(new RegExp(`vault_keys +owner +${finding}`));
  const json = await check('--json');
  expect(json.code).toBe(1);
  expect(JSON.parse(json.stdout)).toMatchObject({
    sound: false,
    checked: { vault_keys: 2 },
    findings: [{ table: 'vault_keys', id: 'owner', finding }],
    findingsTotal: 1,
  });
});

test('vault check of a folder without a database fails, and makes none', async () => {
  const { code, stdout, stderr } = await check();
  expect({ code, stdout, stderr }).toEqual({
    code: 1,
    stdout: '',
    stderr: expect.stringMatching(/^error: There is no database in the data folder .*Give --data/),
  });
});

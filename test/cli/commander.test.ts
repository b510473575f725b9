/** What is wrong with the options of the real Keeper is said before anything starts. */

import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureVaultKind } from '../../service/host/vault-kind';
import { openDatabase } from '../../service/store/database';
import { runCli } from '../support/cli';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ksm-commander-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const start = (options: readonly string[], key?: string) =>
  runCli(['service', 'start', '--data', join(folder, 'data'), '--listen', '127.0.0.1:0', ...options], {
    env: { PATH: process.env.PATH, ...(key !== undefined && { KSM_IAC_COMMANDER_API_KEY: key }) },
  });
const COMMANDER = ['--vault', 'commander'];
const AT = [...COMMANDER, '--commander-url', 'http://127.0.0.1:8900'];

test.each([
  ['without an address', COMMANDER, 'canary', 'needs --commander-url'],
  ['with an address that is none', [...COMMANDER, '--commander-url', 'here'], 'canary', 'expected http(s)://host:port'],
  [
    'over plain HTTP to another machine',
    [...COMMANDER, '--commander-url', 'http://commander.example.com:8900'],
    'canary',
    'would cross the network in clear',
  ],
  ['without a key', AT, undefined, 'set KSM_IAC_COMMANDER_API_KEY'],
  ['in a time zone that there is not', [...AT, '--commander-time-zone', 'Nowhere'], 'canary', 'IANA name'],
  [
    'with an address and the embedded vault',
    ['--commander-url', 'http://127.0.0.1:8900'],
    'canary',
    'needs --vault commander',
  ],
  ['with a CA that is not there', [...AT, '--commander-ca-file', '/nowhere.pem'], 'canary', 'cannot be read (ENOENT)'],
])('the real Keeper %s is refused', async (_case, options, key, words) => {
  const { code, stderr } = await start(options, key);
  expect([code, stderr]).toEqual([2, expect.stringContaining(words)]);
  expect(stderr).not.toContain('canary');
});

test('a file with the key that others may read is refused, and its content not said', async () => {
  const file = join(folder, 'key');
  writeFileSync(file, 'canary');
  chmodSync(file, 0o644);
  const { code, stderr } = await start([...AT, '--commander-key-file', file]);
  expect([code, stderr]).toEqual([2, expect.stringContaining('0600')]);
  expect(stderr).not.toContain('canary');
});

test('a check of what does not answer says so, and ends with 1', async () => {
  const { code, stdout } = await runCli(['service', 'check', '--commander-url', 'http://127.0.0.1:1', '--json'], {
    env: { PATH: process.env.PATH, KSM_IAC_COMMANDER_API_KEY: 'canary' },
  });
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toEqual({
    items: [{ what: 'connection', state: 'failed', detail: expect.stringContaining('does not answer') }],
  });
});

test('a data folder stays with its kind of vault', async () => {
  const database = await openDatabase({ file: join(folder, 'vault.db') });
  await ensureVaultKind(database, 'commander');
  await ensureVaultKind(database, 'commander');
  await expect(ensureVaultKind(database, 'embedded')).rejects.toMatchObject({
    code: 'vault_kind_changed',
    message: expect.stringContaining('--vault commander'),
  });
  await database.close();
});

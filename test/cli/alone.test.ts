/** The bundle without the checkout around it. */
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBundles } from '../support/bundles';
import { Running } from '../support/process';

let folder: string;
let script: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ksm-iac-alone-'));
  script = join(folder, 'ksm-iac.cjs');
  copyFileSync(ensureBundles().cli, script);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = (...args: string[]) => new Running(process.execPath, [script, ...args]).ended;

test('what needs no database works without any node_modules', async () => {
  expect((await run('--version')).code).toBe(0);
  expect(await run('env', '--data', folder)).toMatchObject({ code: 1, stderr: expect.stringContaining('No service') });
});

test('a service says that the native part of SQLite is missing, and how to get it', async () => {
  const { code, stderr } = await run('service', 'start', '--data', join(folder, 'data'), '--listen', '127.0.0.1:0');
  expect(code).toBe(1);
  expect(stderr).toMatch(/@libsql\/\S+, is not installed .* npm install @libsql\//);
  expect(stderr.trim().split('\n')).toHaveLength(1);
});

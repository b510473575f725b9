import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';

const dir = mkdtempSync(join(tmpdir(), 'ksm-iac-setup-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const LOCKED = {
  '': { version: '0.1.0' },
  'node_modules/a': { version: '1.0.0' },
  'node_modules/only-elsewhere': { version: '1.0.0', optional: true },
};

/** What npm was asked for, when node_modules has these packages. */
function npmCalls(installed: object | undefined): string {
  const modules = join(dir, 'node_modules');
  rmSync(modules, { recursive: true, force: true });
  mkdirSync(modules);
  if (installed) writeFileSync(join(modules, '.package-lock.json'), JSON.stringify({ packages: installed }));
  const script = `import(${JSON.stringify(join(dir, 'scripts/setup.mjs'))}).then((setup) => setup.ensureInstalled())`;
  return execFileSync(process.execPath, ['-e', script], {
    encoding: 'utf8',
    env: { ...process.env, PATH: `${join(dir, 'bin')}${delimiter}${process.env.PATH}` },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}

beforeAll(() => {
  for (const folder of ['scripts', 'bin']) mkdirSync(join(dir, folder));
  copyFileSync(resolve(__dirname, '../../scripts/setup.mjs'), join(dir, 'scripts/setup.mjs'));
  writeFileSync(join(dir, 'package-lock.json'), JSON.stringify({ packages: LOCKED }));
  writeFileSync(join(dir, 'bin/npm'), '#!/bin/sh\necho "npm $1"\n', { mode: 0o755 });
});

test('what the reader has installed is not installed again', () => {
  expect(npmCalls({ 'node_modules/a': { version: '1.0.0' } })).toBe('');
});

test('a fresh clone and a changed package-lock.json are installed', () => {
  expect(npmCalls(undefined)).toBe('npm ci\n');
  expect(npmCalls({ 'node_modules/a': { version: '0.9.0' } })).toBe('npm ci\n');
});

test.each([
  ['18.20.4', false],
  ['20.18.3', false],
  ['20.19.0', true],
  ['22.0.0', true],
])('on Node %s it says at once whether that will do: %s', (version, enough) => {
  mkdirSync(join(dir, 'node_modules'), { recursive: true });
  writeFileSync(
    join(dir, 'node_modules/.package-lock.json'),
    JSON.stringify({ packages: { 'node_modules/a': { version: '1.0.0' } } }),
  );
  const setup = JSON.stringify(join(dir, 'scripts/setup.mjs'));
  const script = `const node = ${JSON.stringify(version)};
    Object.defineProperty(process, 'versions', { value: { ...process.versions, node } });
    import(${setup}).then((setup) => setup.ensureInstalled());`;
  const { status, stderr } = spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' });
  expect({ status, stderr }).toEqual(
    enough
      ? { status: 0, stderr: '' }
      : { status: 1, stderr: `Node ${version} is too old: this project needs Node 20.19 or newer.\n` },
  );
});

test('no lock file names a registry: whoever installs uses their own', () => {
  const root = resolve(__dirname, '../..');
  const locks = execFileSync('git', ['ls-files', '*package-lock.json'], { cwd: root, encoding: 'utf8' })
    .trim()
    .split('\n');
  expect(locks.length).toBeGreaterThan(1);
  for (const lock of locks) {
    const named = readFileSync(join(root, lock), 'utf8').match(/"resolved": "http.*/g);
    expect({ lock, named }).toEqual({ lock, named: null });
  }
});

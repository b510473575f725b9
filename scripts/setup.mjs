/**
 * What a fresh clone needs before anything else runs: dependencies and
 * bundles. Plain Node without dependencies, since it installs them.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

/** Installs when package-lock.json is not what node_modules was installed from. */
export function ensureInstalled() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    fail(`Node ${process.versions.node} is too old: this project needs Node 20.19 or newer.`);
  }
  if (isInstalled()) return;
  timed('Installing dependencies (npm ci), about half a minute', () =>
    run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']),
  );
}

/** Whether node_modules has what package-lock.json says, whoever installed it: npm notes at its end what it did. */
function isInstalled() {
  const note = join(root, 'node_modules/.package-lock.json');
  if (!existsSync(note)) return false;
  const packages = (file) => JSON.parse(readFileSync(file, 'utf8')).packages;
  const installed = packages(note);
  return Object.entries(packages(join(root, 'package-lock.json'))).every(
    // Optional ones are there for their own platform alone.
    ([path, { version, optional }]) => path === '' || optional || installed[path]?.version === version,
  );
}

/** Bundles when a source is newer than the bundles. */
export function ensureBundled() {
  const sources = ['contract', 'provider', 'service', 'cli', 'scripts/bundle.mjs', 'package-lock.json', 'package.json'];
  const made = ['dist/bin/ksm-iac.cjs', 'dist/bin/terraform-provider-ksm.cjs'];
  once('dist/.bundled-from', sources, 'Building provider and CLI', made, () =>
    run(process.execPath, ['scripts/bundle.mjs']),
  );
}

/** Compiles the construct library with jsii when a source changed. */
export function ensureCompiled() {
  // Not in build/, which is what the package has in it.
  const made = ['build/index.js'];
  once(
    'dist/.compiled-from',
    ['lib', 'package-lock.json', 'package.json'],
    'Compiling the constructs (jsii)',
    made,
    () => run('npm', ['run', '--silent', 'compile']),
  );
}

/** Makes the constructs for CDK Terrain when a source changed. */
export function ensureCdktn() {
  const sources = ['lib', 'scripts/cdktn', 'scripts/generate', 'scripts/release', 'docs/constructs/README.md'];
  const files = ['CHANGELOG.md', 'LICENSE', 'package-lock.json', 'package.json', 'tsconfig.json'];
  const made = ['dist/cdktn/package/package.json'];
  once('dist/.cdktn-from', [...sources, ...files], 'Making the constructs for CDK Terrain', made, () =>
    run(process.execPath, typeScript('scripts/cdktn/main.ts')),
  );
}

const typeScript = (file) => [join(root, 'node_modules/tsx/dist/cli.mjs'), '--tsconfig', 'tsconfig.dev.json', file];

/** Runs a TypeScript file of the project and passes its exit code on. */
export function runTypeScript(file, args = []) {
  const result = spawnSync(process.execPath, [...typeScript(file), ...args], { cwd: root, stdio: 'inherit' });
  process.exit(result.status ?? 1);
}

export function run(command, args, options = {}) {
  // npm is a .cmd on Windows, which only a shell starts.
  const shell = process.platform === 'win32' && command === 'npm';
  const result = spawnSync(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], shell, ...options });
  if (result.status !== 0) fail(`${command} ${args.join(' ')} failed with exit code ${result.status}.`);
}

export function fail(message) {
  console.error(message);
  process.exit(1);
}

/** Unless it has made all of `made` from these very sources before. */
function once(stampFile, sources, title, made, action) {
  const stamp = resolve(root, stampFile);
  const hash = createHash('sha256');
  for (const source of sources) digest(hash, resolve(root, source));
  const now = hash.digest('hex');
  const current = existsSync(stamp) && readFileSync(stamp, 'utf8') === now;
  if (current && made.every((file) => existsSync(resolve(root, file)))) return;
  timed(title, action);
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, now);
}

function timed(title, action) {
  const started = Date.now();
  console.error(`${title} …`);
  action();
  console.error(`${title}: ${((Date.now() - started) / 1000).toFixed(1)} s`);
}

function digest(hash, path) {
  for (const entry of walk(path)) hash.update(entry).update(readFileSync(entry));
}

function walk(path) {
  if (!existsSync(path)) return [];
  try {
    return readdirSync(path, { withFileTypes: true })
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .flatMap((entry) => (entry.isDirectory() ? walk(join(path, entry.name)) : [join(path, entry.name)]));
  } catch (error) {
    if (error.code === 'ENOTDIR') return [path];
    throw error;
  }
}

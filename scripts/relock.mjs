/**
 * Regenerates package-lock.json after a change of dependencies.
 *
 * npm leaves out optional packages of other platforms when node_modules is
 * already there, or when a registry mirror does not carry them, and then
 * refuses its own lock file in `npm ci` ("Missing: … from lock file"). So: lock
 * in an empty folder, then add what is still missing by version and platform.
 * npm skips such an entry on other platforms and fetches it on its own.
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'relock-'));
try {
  // The lock file too: what is locked stays as it is.
  for (const file of ['package.json', '.npmrc', 'package-lock.json'])
    copyFileSync(join(root, file), join(folder, file));
  execFileSync('npm', ['install', '--package-lock-only', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: folder,
    stdio: 'inherit',
  });
  const lock = JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8'));
  const added = addMissingPlatforms(lock.packages);
  writeFileSync(join(root, 'package-lock.json'), `${JSON.stringify(lock, null, 2)}\n`);
  console.log(`package-lock.json: ${Object.keys(lock.packages).length} packages, ${added} added for other platforms`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function addMissingPlatforms(packages) {
  let added = 0;
  for (const [path, entry] of Object.entries(packages)) {
    for (const [name, range] of Object.entries(entry.optionalDependencies ?? {})) {
      if (resolves(packages, path, name)) continue;
      packages[`node_modules/${name}`] = {
        version: range.replace(/^[^\d]*/, ''),
        ...platformOf(name),
        dev: true,
        optional: true,
      };
      added++;
    }
  }
  const sorted = Object.entries(packages).sort(([a], [b]) => (a < b ? -1 : 1));
  for (const key of Object.keys(packages)) delete packages[key];
  Object.assign(packages, Object.fromEntries(sorted));
  return added;
}

/** Node's resolution: beside the package, then upwards. */
function resolves(packages, path, name) {
  for (let at = path; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/node_modules/')))) {
    if (packages[`${at}${at ? '/' : ''}node_modules/${name}`]) return true;
    if (!at) return false;
  }
}

/** `…-linux-x64-musl` → os, cpu and libc, as those packages declare them. */
function platformOf(name) {
  const words = name.split(/[/-]/);
  const find = (known) => words.find((word) => known.includes(word));
  const os = find(['linux', 'darwin', 'win32', 'android', 'freebsd', 'openharmony', 'sunos', 'aix', 'wasm32']);
  const cpu = find(['x64', 'arm64', 'ia32', 'arm', 'armv7', 'riscv64', 'ppc64', 's390x', 'loong64']);
  if (!os) throw new Error(`${name}: no known platform in its name; add it to platformOf`);
  const libc = words.some((word) => word.startsWith('musl'))
    ? 'musl'
    : words.some((word) => word.startsWith('gnu'))
      ? 'glibc'
      : undefined;
  return {
    os: [os === 'wasm32' ? 'none' : os],
    ...(cpu ? { cpu: [cpu === 'armv7' ? 'arm' : cpu] } : {}),
    ...(libc ? { libc: [libc] } : {}),
  };
}

/**
 * The executables that the provider is put into: Bun, as its npm packages have them, by exact version and hash
 * (bases.json). npm fetches them, so that a mirror of the registry is enough; Bun itself would ask elsewhere.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import bases from './bases.json';

const root = resolve(__dirname, '../..');
/** Kept from run to run: 50 MB a platform to fetch. */
const CACHE = join(root, 'dist/bases');

export interface Base {
  readonly package: string;
  /** What Bun calls the platform. */
  readonly target: string;
  readonly integrity: string;
}

/** By Go's names, as registries have them. */
export const BASES: Readonly<Record<string, Base>> = bases.platforms;
export const BUN_VERSION: string = bases.version;

/** Go's name of this machine's platform. */
export function thisPlatform(): string {
  const [os, arch] = [
    process.platform === 'win32' ? 'windows' : process.platform,
    process.arch === 'x64' ? 'amd64' : process.arch,
  ];
  return `${os}_${arch}`;
}

/** Path of the executable of a platform, fetched and compared where it is not there yet. */
export function baseOf(platform: string): string {
  const { package: name, integrity } = BASES[platform]!;
  const folder = join(CACHE, `${name.replace('@oven/', '')}-${BUN_VERSION}`);
  if (!existsSync(folder)) fetchBase(name, integrity, folder);
  const [file] = readdirSync(join(folder, 'bin')).filter((one) => /^bun(\.exe)?$/.test(one));
  return join(folder, 'bin', file!);
}

function fetchBase(name: string, integrity: string, folder: string): void {
  mkdirSync(CACHE, { recursive: true });
  const draft = mkdtempSync(join(CACHE, '.draft-'));
  try {
    execFileSync('npm', ['pack', '--silent', `${name}@${BUN_VERSION}`, '--pack-destination', draft], {
      stdio: ['ignore', 'ignore', 'inherit'],
      shell: process.platform === 'win32',
    });
    const file = join(draft, readdirSync(draft).find((one) => one.endsWith('.tgz'))!);
    const found = `sha512-${createHash('sha512').update(readFileSync(file)).digest('base64')}`;
    if (found !== integrity) {
      throw new Error(
        `${name}@${BUN_VERSION} has the hash ${found}, and scripts/release/bases.json says ${integrity}.`,
      );
    }
    execFileSync('tar', ['-xzf', file, '-C', draft]);
    renameSync(join(draft, 'package'), folder);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

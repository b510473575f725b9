/**
 * The executables that the provider is put into: Bun, or Node, as their npm packages have them, by exact version and hash
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
  readonly target?: string;
  readonly integrity: string;
}

/** What runs the script inside the executable. */
export type Engine = 'bun' | 'node';

/** By Go's names, as registries have them. */
const ENGINES: Readonly<Record<Engine, { version: string; platforms: Readonly<Record<string, Base>> }>> = bases;

export const isEngine = (name: string): name is Engine => Object.hasOwn(ENGINES, name);
export const platformsOf = (engine: Engine): string[] => Object.keys(ENGINES[engine].platforms);
export const versionOf = (engine: Engine): string => ENGINES[engine].version;

/** @throws Error where there is none */
export function basePackage(platform: string, engine: Engine): Base {
  const base = ENGINES[engine].platforms[platform];
  if (base) return base;
  throw new Error(`there is no executable of ${engine} for ${platform}: expected ${platformsOf(engine).join(', ')}`);
}

/** Go's name of this machine's platform. */
export function thisPlatform(): string {
  const [os, arch] = [
    process.platform === 'win32' ? 'windows' : process.platform,
    process.arch === 'x64' ? 'amd64' : process.arch,
  ];
  return `${os}_${arch}`;
}

/** Path of the executable of a platform, fetched and compared where it is not there yet. */
export function baseOf(platform: string, engine: Engine): string {
  const base = basePackage(platform, engine);
  const folder = folderOf(base, engine);
  if (!existsSync(folder)) fetchBase(base, versionOf(engine), folder);
  const [file] = readdirSync(join(folder, 'bin')).filter((one) => /^(bun|node)(\.exe)?$/.test(one));
  return join(folder, 'bin', file!);
}

/** Where it is kept once it has been fetched. */
export const folderOf = ({ package: name }: Base, engine: Engine): string =>
  join(CACHE, `${name.replace('@oven/', '')}-${versionOf(engine)}`);

function fetchBase({ package: name, integrity }: Base, version: string, folder: string): void {
  mkdirSync(CACHE, { recursive: true });
  const draft = mkdtempSync(join(CACHE, '.draft-'));
  try {
    execFileSync('npm', ['pack', '--silent', `${name}@${version}`, '--pack-destination', draft], {
      stdio: ['ignore', 'ignore', 'inherit'],
      shell: process.platform === 'win32',
    });
    const file = join(draft, readdirSync(draft).find((one) => one.endsWith('.tgz'))!);
    const found = `sha512-${createHash('sha512').update(readFileSync(file)).digest('base64')}`;
    if (found !== integrity) {
      throw new Error(`${name}@${version} has the hash ${found}, and scripts/release/bases.json says ${integrity}.`);
    }
    execFileSync('tar', ['-xzf', file, '-C', draft]);
    renameSync(join(draft, 'package'), folder);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

/**
 * Puts the built provider where Terraform and OpenTofu find it without a registry: a local filesystem mirror and a
 * CLI configuration that names it.
 *
 * @see https://developer.hashicorp.com/terraform/cli/config/config-file#provider-installation
 */
import { createHash } from 'node:crypto';
import { chmod, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { NAME_PATTERN } from '../../contract/limits';
import { VERSION } from '../../contract/version';
import { makeFolder } from '../../service/host/make-folder';
import { CommandError, errorCode, reasonOf } from './command-error';
import { archiveName, archiveOf, type ProviderArchive, packageOf, SUMS_NAME } from './provider-archive';

/** In `required_providers`: no host, so that each tool takes its own registry's name for it. */
export const PROVIDER_SOURCE = 'ksm-iac/ksm';
/** What Terraform and OpenTofu put before a source without a host. */
const REGISTRY_HOSTS = ['registry.terraform.io', 'registry.opentofu.org'];
/** Terraform runs the first file of this beginning, and `.cjs` survives a package.json of `"type": "module"` above it. */
const PROVIDER_FILE = 'terraform-provider-ksm.cjs';

const SYSTEMS: Readonly<Record<string, string>> = {
  darwin: 'darwin',
  freebsd: 'freebsd',
  linux: 'linux',
  openbsd: 'openbsd',
};
const PROCESSORS: Readonly<Record<string, string>> = { arm: 'arm', arm64: 'arm64', ia32: '386', x64: 'amd64' };

/** Platforms of the release artefacts. */
export const EXECUTABLE_PLATFORMS: readonly string[] = ['linux', 'darwin', 'windows'].flatMap((os) =>
  ['amd64', 'arm64'].map((arch) => `${os}_${arch}`),
);

/** Where a Terraform runs that can start a script, by Go's names. Terraform for Windows cannot. */
export const PLATFORMS: readonly string[] = [
  ...['amd64', 'arm64', 'arm'].map((arch) => `linux_${arch}`),
  ...['amd64', 'arm64'].map((arch) => `darwin_${arch}`),
  ...['amd64', 'arm64'].map((arch) => `freebsd_${arch}`),
];

/** One provider for one platform: what a mirror has of it. */
export interface ProviderPackage {
  /** By name: the program, and what lies beside it. */
  readonly files: Readonly<Record<string, Uint8Array>>;
  readonly archive: ProviderArchive;
}

export interface InstalledProvider {
  readonly mirror: string;
  /** True when another build of this version was there: lock files that name it refuse this one. */
  readonly replaced: boolean;
}

/** The folder of `provider install` without `--dir`: `$XDG_DATA_HOME/ksm-iac`, or `~/.local/share/ksm-iac`. */
export function defaultMirrorDir(env: NodeJS.ProcessEnv): string {
  return join(env.XDG_DATA_HOME || join(env.HOME || homedir(), '.local', 'share'), 'ksm-iac');
}

/** Go's name of a platform, as the folders of a mirror have it: `linux_amd64`. */
export function goPlatform(system: string, processor: string): string {
  if (system === 'win32') {
    throw new CommandError('Terraform for Windows cannot start a provider that is a Node script. Use both in WSL.');
  }
  const [os, arch] = [SYSTEMS[system], PROCESSORS[processor]];
  if (!os || !arch) throw new CommandError(`Terraform has no name for this platform (${system}, ${processor}).`);
  return `${os}_${arch}`;
}

/** The provider that was built beside this command. */
export function builtProvider(): string {
  return join(__dirname, PROVIDER_FILE);
}

/** The script, which is the same for each platform. */
export async function scriptFor(
  platforms: readonly string[],
  script = builtProvider(),
): Promise<Map<string, ProviderPackage>> {
  const content = await readProvider(script);
  const one = { files: { [PROVIDER_FILE]: content }, archive: archiveOf(PROVIDER_FILE, content) };
  return new Map(platforms.map((platform) => [platform, one]));
}

/** The executables of a folder of release artefacts, each compared with SHA256SUMS. */
export async function archivesFor(platforms: readonly string[], dir: string): Promise<Map<string, ProviderPackage>> {
  const sums = await readFile(join(dir, SUMS_NAME), 'utf8').catch((error) => {
    throw new CommandError(
      `Cannot read ${join(dir, SUMS_NAME)}: ${reasonOf(error)}. Name a folder that has the archives of ${VERSION}.`,
    );
  });
  const packages = new Map<string, ProviderPackage>();
  for (const platform of platforms) {
    const name = archiveName(platform);
    const bytes = await readFile(join(dir, name)).catch((error) => {
      throw new CommandError(
        `Cannot read ${join(dir, name)}: ${reasonOf(error)}. The folder has no archive for ${platform}.`,
      );
    });
    const sum = createHash('sha256').update(bytes).digest('hex');
    if (!sums.split('\n').includes(`${sum}  ${name}`)) {
      throw new CommandError(
        `${join(dir, name)} is not the file that ${SUMS_NAME} lists: its SHA-256 is ${sum}. Fetch both again.`,
      );
    }
    packages.set(platform, packageOf(bytes));
  }
  return packages;
}

/** Installs a provider under `dir`, for both registries' names; what is there already and the same stays untouched. */
export async function installProvider(
  packages: ReadonlyMap<string, ProviderPackage>,
  dir: string,
): Promise<InstalledProvider> {
  const mirror = join(resolve(dir), 'mirror');
  let replaced = false;
  for (const host of REGISTRY_HOSTS) {
    for (const [platform, { files }] of packages) {
      const folder = join(mirror, host, PROVIDER_SOURCE, VERSION, platform);
      const before = await filesIn(folder);
      const same =
        before.size === Object.keys(files).length &&
        Object.entries(files).every(([name, content]) => before.get(name)?.equals(content));
      if (same) continue;
      // Terraform would run the first program that it finds there, and hash all of it.
      for (const name of before.keys()) if (!(name in files)) await rm(join(folder, name), { force: true });
      for (const [name, content] of Object.entries(files)) await write(folder, name, content, resolve(dir));
      replaced ||= before.size > 0;
    }
  }
  return { mirror, replaced };
}

async function filesIn(folder: string): Promise<Map<string, Buffer>> {
  const names = await readdir(folder).catch(() => []);
  const files = names.map(async (name) => [name, await readFile(join(folder, name))] as const);
  return new Map(await Promise.all(files));
}

/**
 * Writes what a team serves: for each platform an archive, and the files of the network mirror protocol. The folder is
 * a `filesystem_mirror` too. Other versions that are there stay.
 *
 * @see https://developer.hashicorp.com/terraform/internals/provider-network-mirror-protocol
 * @returns the hashes that a lock file of these platforms has
 */
export async function writeMirror(packages: ReadonlyMap<string, ProviderPackage>, dir: string): Promise<string[]> {
  const archives = Object.fromEntries(
    [...packages].map(([platform, { archive }]) => [platform, { url: archiveName(platform), hashes: archive.hashes }]),
  );
  for (const host of REGISTRY_HOSTS) {
    const folder = join(resolve(dir), host, PROVIDER_SOURCE);
    for (const [platform, { archive }] of packages)
      await write(folder, archiveName(platform), archive.bytes, resolve(dir));
    const versions = { ...(await versionsIn(folder)), [VERSION]: {} };
    await write(folder, `${VERSION}.json`, json({ archives }), resolve(dir));
    await write(folder, 'index.json', json({ versions }), resolve(dir));
  }
  return [...new Set([...packages.values()].flatMap(({ archive }) => archive.hashes))];
}

const json = (value: object) => Buffer.from(`${JSON.stringify(value, undefined, 2)}\n`);

async function versionsIn(folder: string): Promise<Record<string, object>> {
  try {
    return (JSON.parse(await readFile(join(folder, 'index.json'), 'utf8')) as { versions: Record<string, object> })
      .versions;
  } catch {
    // None is there, or nobody could read it.
    return {};
  }
}

async function readProvider(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    const cure = errorCode(error) === 'ENOENT' ? 'Build it (npm run build), and run ksm-iac from beside it.' : '';
    throw new CommandError(`Cannot read the provider ${file}: ${reasonOf(error)}. ${cure}`.trim());
  }
}

/** By a rename, so that a Terraform that starts meanwhile sees the old file or the new one. */
async function write(folder: string, name: string, content: Uint8Array, dir: string): Promise<void> {
  const draft = join(dir, `.provider-${process.pid}.draft`);
  try {
    makeFolder(folder, 0o777);
    await writeFile(draft, content);
    await chmod(draft, name.startsWith('terraform-provider-ksm') && !/\.(zip|json)$/.test(name) ? 0o755 : 0o644);
    await rename(draft, join(folder, name));
  } catch (error) {
    // The first failure is the one to report.
    await rm(draft, { force: true }).catch(() => undefined);
    throw new CommandError(
      `Cannot write the provider to ${folder}: ${reasonOf(error)}. Choose another folder with --dir.`,
    );
  }
}

/**
 * The CLI configuration: this provider from the mirror and from nowhere else, every other one as usual. The pattern
 * has no host, which each tool reads as its own registry; a wildcard host is refused unless all three are wildcards.
 */
export function cliConfiguration(mirror: string): string {
  // The file is HCL 1, where `${` would begin an interpolation and cannot be escaped.
  if (mirror.includes('${') || !new RegExp(NAME_PATTERN, 'u').test(mirror)) {
    throw new CommandError(
      `The folder ${JSON.stringify(mirror)} cannot be written in a CLI configuration. Choose another.`,
    );
  }
  return `provider_installation {
  filesystem_mirror {
    path    = ${JSON.stringify(mirror)}
    include = ["${PROVIDER_SOURCE}"]
  }
  direct {
    exclude = ["${PROVIDER_SOURCE}"]
  }
}
`;
}

/** Writes the CLI configuration beside the mirror and returns its path. */
export async function writeCliConfiguration(dir: string, mirror: string): Promise<string> {
  const file = join(resolve(dir), 'terraformrc');
  try {
    await writeFile(file, `# Written by ksm-iac provider install.\n${cliConfiguration(mirror)}`);
  } catch (error) {
    throw new CommandError(`Cannot write ${file}: ${reasonOf(error)}. Choose another folder with --dir.`);
  }
  return file;
}

/** The provider as registries and mirrors hand it out: a ZIP a platform, and the hashes that lock files have. */
import { createHash } from 'node:crypto';
import { unzipSync, zipSync } from 'fflate';
import { VERSION } from '../../contract/version';

/** What registries and mirrors prescribe. */
export const ARTEFACT_PREFIX = `terraform-provider-ksm_${VERSION}`;
export const SUMS_NAME = `${ARTEFACT_PREFIX}_SHA256SUMS`;
export const archiveName = (platform: string): string => `${ARTEFACT_PREFIX}_${platform}.zip`;
export const executableName = (platform: string): string =>
  `terraform-provider-ksm_v${VERSION}${platform.startsWith('windows_') ? '.exe' : ''}`;

export interface ProviderArchive {
  readonly bytes: Uint8Array;
  /** Of what is in it, and of the archive: both forms that a lock file may have. */
  readonly hashes: readonly string[];
}

/** As ZIP can say it, and always the same: two archives of one build are equal to the bit. */
const MODIFIED = new Date(1980, 0, 1);
/** Unix, and who may run it. */
const UNIX = 3;
const EXECUTABLE = 0o100755 << 16;
const TEXT = 0o100644 << 16;

/** @param texts what lies beside the program, by name */
export function archiveOf(
  fileName: string,
  content: Uint8Array,
  texts: Readonly<Record<string, Uint8Array>> = {},
): ProviderArchive {
  const bytes = zipSync({
    [fileName]: [content, { mtime: MODIFIED, os: UNIX, attrs: EXECUTABLE, level: 9 }],
    ...Object.fromEntries(
      Object.entries(texts).map(([name, text]) => [name, [text, { mtime: MODIFIED, os: UNIX, attrs: TEXT, level: 9 }]]),
    ),
  });
  return { bytes, hashes: [packageHash({ [fileName]: content, ...texts }), `zh:${sha256(bytes).digest('hex')}`] };
}

/** What an archive has, with its hashes as they are. */
export function packageOf(bytes: Uint8Array): { files: Record<string, Uint8Array>; archive: ProviderArchive } {
  const files = unzipSync(bytes);
  return { files, archive: { bytes, hashes: [packageHash(files), `zh:${sha256(bytes).digest('hex')}`] } };
}

/** `h1:` of a package: the hash of a sorted list of hashes, as Go's modules have it. */
export function packageHash(files: Readonly<Record<string, Uint8Array>>): string {
  const lines = Object.keys(files)
    .sort()
    .map((name) => `${sha256(files[name]!).digest('hex')}  ${name}\n`);
  return `h1:${sha256(lines.join('')).digest('base64')}`;
}

const sha256 = (data: string | Uint8Array) => createHash('sha256').update(data);

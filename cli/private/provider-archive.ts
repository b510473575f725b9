/** The provider as registries and mirrors hand it out: a ZIP a platform, and the hashes that lock files have. */
import { createHash } from 'node:crypto';
import { zipSync } from 'fflate';

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

export function archiveOf(fileName: string, content: Uint8Array): ProviderArchive {
  const bytes = zipSync({
    [fileName]: [content, { mtime: MODIFIED, os: UNIX, attrs: EXECUTABLE, level: 9 }],
  });
  return { bytes, hashes: [packageHash(fileName, content), `zh:${sha256(bytes).digest('hex')}`] };
}

/** `h1:` of a package of one file: the hash of a list of hashes, as Go's modules have it. */
export function packageHash(fileName: string, content: Uint8Array): string {
  return `h1:${sha256(`${sha256(content).digest('hex')}  ${fileName}\n`).digest('base64')}`;
}

const sha256 = (data: string | Uint8Array) => createHash('sha256').update(data);

/** The archive that Keeper Commander writes for a vault with attachments: `export.json`, and the files beside it. */
import { unzipSync } from 'fflate';
import { VaultFileError } from './problems';

const EXPORT = 'export.json';

export const isArchive = (bytes: Uint8Array): boolean =>
  Buffer.from(bytes.subarray(0, 4)).toString('latin1') === 'PK\u0003\u0004';

/**
 * The vault file in an archive. The attached files are left where they are, and never unpacked.
 *
 * @param maxBytes of the vault file, unpacked
 * @throws VaultFileError for an archive that is damaged or has none
 */
export function vaultFileOf(archive: Uint8Array, maxBytes: number): Uint8Array {
  let size = 0;
  let files: Record<string, Uint8Array>;
  try {
    files = unzipSync(archive, {
      filter: ({ name, originalSize }) => {
        if (name !== EXPORT) return false;
        size = originalSize;
        return originalSize <= maxBytes;
      },
    });
  } catch {
    throw new VaultFileError([{ at: 'The archive', message: 'is damaged or cut off; export the vault again.' }]);
  }
  if (size > maxBytes) {
    const message = `has ${size} bytes unpacked; a vault file may have ${maxBytes}. Split it.`;
    throw new VaultFileError([{ at: `${EXPORT} in the archive`, message }]);
  }
  const file = files[EXPORT];
  if (!file) {
    const message = `has no ${EXPORT}, so it is no archive of Keeper Commander (\`export --format json --zip\`).`;
    throw new VaultFileError([{ at: 'The archive', message }]);
  }
  return file;
}

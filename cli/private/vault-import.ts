/** A vault import from file to summary, as `vault import` and `dev --vault-file` do it. */
import { isUtf8 } from 'node:buffer';
import { readFile } from 'node:fs/promises';
import type { KsmClient } from '../../contract/client';
import { isKsmError } from '../../contract/errors';
import {
  applyImport,
  type ImportResult,
  isArchive,
  parseVaultFile,
  planImport,
  type VaultFile,
  VaultFileError,
  vaultFileOf,
} from '../vault-import';
import { CommandError, reasonOf } from './command-error';
import { Progress } from './progress';

/** A larger file is no vault of this kind; it would be read into memory as a whole. */
const MAX_FILE_BYTES = 64 * 1024 * 1024;
/** Attachments lie in an archive too, and are read over. */
const MAX_ARCHIVE_BYTES = 1024 * 1024 * 1024;
const MAX_PROBLEMS_SHOWN = 20;

/** @throws CommandError with every problem of the file, one a line */
export async function readVaultFile(file: string): Promise<VaultFile> {
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
  } catch (error) {
    throw new CommandError(`Cannot read the vault file ${file}: ${reasonOf(error)}.`);
  }
  const [most, what] = isArchive(bytes) ? [MAX_ARCHIVE_BYTES, 'an archive'] : [MAX_FILE_BYTES, 'a vault file'];
  if (bytes.length > most) {
    throw new CommandError(`${file} has ${bytes.length} bytes; ${what} may have ${most}. Split it.`);
  }
  return withFile(file, () =>
    parseVaultFile(textOf(file, isArchive(bytes) ? vaultFileOf(bytes, MAX_FILE_BYTES) : bytes)),
  );
}

/** Read leniently, a letter of another encoding would become another one, in a password too. */
function textOf(file: string, bytes: Uint8Array): string {
  // Of UTF-16 every other byte is 0, which JSON never has.
  if (isUtf8(bytes) && !bytes.subarray(0, 4).includes(0)) return Buffer.from(bytes).toString('utf8');
  throw new CommandError(`${file} is not text in UTF-8. Save it in that encoding.`);
}

/** Plans against what the vault has, then sends. @throws CommandError when interrupted: it says how far it came */
export async function importVault(
  client: KsmClient,
  source: string,
  file: VaultFile,
  { dryRun = false }: { readonly dryRun?: boolean | undefined } = {},
): Promise<ImportResult> {
  const progress = new Progress(dryRun ? 'records compared' : 'records imported', file.records.length);
  let done = 0;
  try {
    const [folders, records] = await Promise.all([client.listVaultFolders(), client.listVaultRecords()]);
    const plan = withFile(source, () => planImport(file, { folders, records }));
    return await applyImport(client, plan, { dryRun }, (count) => {
      done = count;
      progress.update(count);
    });
  } catch (error) {
    if (!isKsmError(error, 'cancelled')) throw error;
    const far = `${done} of ${file.records.length} records are ${dryRun ? 'compared' : 'imported'}`;
    throw new CommandError(`Interrupted: ${far}. Run the same command again to finish.`, 130);
  } finally {
    progress.end();
  }
}

function withFile<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof VaultFileError)) throw error;
    const lines = error.problems.map(({ at, message }) => (at === '' ? message : `${at} ${message}`));
    const more = lines.length - MAX_PROBLEMS_SHOWN;
    const shown = [...lines.slice(0, MAX_PROBLEMS_SHOWN), ...(more > 0 ? [`… and ${more} more.`] : [])];
    throw new CommandError(
      [`${file} cannot be imported; nothing was written:`, ...shown.map((line) => `  ${line}`)].join('\n'),
    );
  }
}

/** A vault import from file to summary, as `vault import` and `dev --vault-file` do it. */
import { isUtf8 } from 'node:buffer';
import { readFile } from 'node:fs/promises';
import type { KsmClient } from '../../contract/client';
import { isKsmError } from '../../contract/errors';
import {
  applyImport,
  type ImportResult,
  parseVaultFile,
  planImport,
  type VaultFile,
  VaultFileError,
} from '../vault-import';
import { CommandError, reasonOf } from './command-error';
import { Progress } from './progress';

/** A larger file is no vault of this kind; it would be read into memory as a whole. */
const MAX_FILE_BYTES = 64 * 1024 * 1024;
const MAX_PROBLEMS_SHOWN = 20;

/** @throws CommandError with every problem of the file, one a line */
export async function readVaultFile(file: string): Promise<VaultFile> {
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
  } catch (error) {
    throw new CommandError(`Cannot read the vault file ${file}: ${reasonOf(error)}.`);
  }
  if (bytes.length > MAX_FILE_BYTES) {
    throw new CommandError(`${file} has ${bytes.length} bytes; a vault file may have ${MAX_FILE_BYTES}. Split it.`);
  }
  return withFile(file, () => parseVaultFile(textOf(file, bytes)));
}

/** Read leniently, a letter of another encoding would become another one, in a password too. */
function textOf(file: string, bytes: Buffer): string {
  const text = bytes.toString('utf8');
  // An archive begins like this, which the reader of the format says in its own words.
  if (isUtf8(bytes) || text.startsWith('PK')) return text;
  throw new CommandError(`${file} is not text in UTF-8. Save it in that encoding.`);
}

/** Plans against what the vault has, then sends. @throws CommandError when interrupted: it says how far it came */
export async function importVault(client: KsmClient, source: string, file: VaultFile): Promise<ImportResult> {
  const progress = new Progress('records imported', file.records.length);
  let done = 0;
  try {
    const [folders, records] = await Promise.all([client.listVaultFolders(), client.listVaultRecords()]);
    const plan = withFile(source, () => planImport(file, { folders, records }));
    return await applyImport(client, plan, (count) => {
      done = count;
      progress.update(count);
    });
  } catch (error) {
    if (!isKsmError(error, 'cancelled')) throw error;
    const far = `${done} of ${file.records.length} records are imported`;
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

import { closeSync, fsyncSync, openSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { randomBytes } from '../world/random';

export const PRIVATE_MODE = 0o600;
/** Certificates are for everybody. */
export const PUBLIC_MODE = 0o644;

const DRAFT_BYTES = 6;

/** Writes a file so that readers see all of it or the one before, also when the machine stops in between. */
export function writeFileAtomically(file: string, content: string | Uint8Array, mode: number): void {
  const draft = `${file}.${randomBytes(DRAFT_BYTES).toString('hex')}`;
  const descriptor = openSync(draft, 'wx', mode);
  try {
    writeFileSync(descriptor, content);
    fsyncSync(descriptor);
    renameSync(draft, file);
    syncFolder(dirname(file));
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  } finally {
    closeSync(descriptor);
  }
}

/** What writers of this file have left that were killed: of a file that nobody writes at the moment. */
export function removeDrafts(file: string): void {
  const draft = new RegExp(`^[0-9a-f]{${DRAFT_BYTES * 2}}$`);
  const start = `${basename(file)}.`;
  for (const name of readdirSync(dirname(file))) {
    if (name.startsWith(start) && draft.test(name.slice(start.length)))
      rmSync(join(dirname(file), name), { force: true });
  }
}

/** A new name is in its folder for good only when the folder has been written, too. */
export function syncFolder(folder: string): void {
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';

export const PRIVATE_MODE = 0o600;
/** Certificates are for everybody. */
export const PUBLIC_MODE = 0o644;

/** Writes a file so that readers see all of it or the one before, also when the machine stops in between. */
export function writeFileAtomically(file: string, content: string | Uint8Array, mode: number): void {
  const draft = `${file}.${randomBytes(6).toString('hex')}`;
  const descriptor = openSync(draft, 'wx', mode);
  try {
    writeFileSync(descriptor, content);
    fsyncSync(descriptor);
    renameSync(draft, file);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  } finally {
    closeSync(descriptor);
  }
}

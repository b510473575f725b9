import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes the folder, and those above it, unless it is there.
 * Not `recursive: true`: where the kernel makes no folder (`/proc/x`) Node 20 then tries for ever.
 */
export function makeFolder(path: string, mode: number): void {
  try {
    mkdirSync(path, mode);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') {
      return;
    }
    if (code !== 'ENOENT' || dirname(path) === path) {
      throw error;
    }
    makeFolder(dirname(path), mode);
    mkdirSync(path, mode);
  }
}

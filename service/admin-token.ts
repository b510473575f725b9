import { readFileSync } from 'node:fs';
import { isKsmError } from '../contract/errors';
import type { ApiTokens } from './operations/api-token';
import { PRIVATE_MODE, writeFileAtomically } from './private-file';

/**
 * Sees to it that the file holds a token that this service knows. The first
 * start makes one; so does a start after the file was lost, since whoever may
 * write the data folder has everything in it anyway.
 */
export async function ensureAdminToken(file: string, apiTokens: ApiTokens): Promise<void> {
  const text = read(file);
  if (text !== undefined && (await isKnown(text, apiTokens))) {
    return;
  }
  await apiTokens.create({
    name: 'admin',
    scope: 'write',
    // A crash in between leaves a file that the next start replaces, never a token that nobody has.
    beforeCommit: async (token) => writeFileAtomically(file, `${token}\n`, PRIVATE_MODE),
  });
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      return undefined;
    }
    throw error;
  }
}

async function isKnown(text: string, apiTokens: ApiTokens): Promise<boolean> {
  try {
    await apiTokens.authenticate(text);
    return true;
  } catch (error) {
    if (isKsmError(error, 'unauthenticated')) {
      return false;
    }
    throw error;
  }
}

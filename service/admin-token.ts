import { readFileSync } from 'node:fs';
import { isKsmError } from '../contract/errors';
import type { ApiTokens } from './operations/api-token';
import { promoteToAdmin } from './operations/principal';
import { PRIVATE_MODE, writeFileAtomically } from './private-file';
import type { Database } from './store/database';
import { readSetting, writeSetting } from './store/setting';

export const ADMIN_NAME = 'admin';

/**
 * The first start makes the first token, of the scope `admin` and without
 * limits. No later start makes another: a token that was revoked stays so, and
 * a lost file is not a reason to mint one that nobody asked for.
 *
 * @returns whether the file holds a token of this service; if not, `ksm-iac token recover` makes one
 */
export async function ensureAdminToken(options: {
  file: string;
  apiTokens: ApiTokens;
  database: Database;
}): Promise<{ usable: boolean }> {
  const { file, apiTokens, database } = options;
  const known = await knownToken(file, apiTokens);
  if ((await readSetting(database, 'admin_token')) !== undefined) {
    return { usable: known !== undefined };
  }
  if (known) {
    // Of a version before there were admins, whose first token could do everything.
    await database.transaction(async () => {
      await promoteToAdmin(database.db, known.principal.id);
      await writeSetting(database, 'admin_token', known.principal.id);
    });
    return { usable: true };
  }
  await makeAdminToken(options);
  return { usable: true };
}

/** Makes an admin token and puts it into the file. */
export async function makeAdminToken({
  file,
  apiTokens,
  database,
}: {
  file: string;
  apiTokens: ApiTokens;
  database: Database;
}): Promise<void> {
  const limits = { applications: null, secrets: null, allowEdit: false };
  await apiTokens.create({ name: ADMIN_NAME, scope: 'admin', limits, expiresAt: null }, async ({ token, text }) => {
    await writeSetting(database, 'admin_token', token.principalId);
    // A crash in between leaves a file that the next start replaces, never a token that nobody has.
    writeFileAtomically(file, `${text}\n`, PRIVATE_MODE);
  });
}

async function knownToken(file: string, apiTokens: ApiTokens) {
  const text = read(file);
  try {
    return text === undefined ? undefined : await apiTokens.authenticate(text);
  } catch (error) {
    if (isKsmError(error, 'unauthenticated')) {
      return undefined;
    }
    throw error;
  }
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

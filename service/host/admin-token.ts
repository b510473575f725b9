import { readFileSync } from 'node:fs';
import { isKsmError } from '../../contract/errors';
import { freeName, promoteToAdmin } from '../operations/principal';
import type { TokenKeeping } from '../operations/token-keeping';
import type { Database } from '../store/database';
import { readSetting, writeSetting } from '../store/setting';
import { PRIVATE_MODE, writeFileAtomically } from './private-file';

export const ADMIN_NAME = 'admin';

export interface AdminTokenParts {
  /** `DIR/admin.token`. */
  readonly file: string;
  readonly tokens: TokenKeeping;
  readonly database: Database;
}

/**
 * The first start makes the first token, of the scope `admin` and without
 * limits. No later start makes another: a token that was revoked stays so, and
 * a lost file is not a reason to mint one that nobody asked for.
 *
 * @returns whether the file holds an admin token of this service; if not, `ksm-iac token recover` makes one
 */
export function ensureAdminToken(parts: AdminTokenParts): Promise<{ usable: boolean }> {
  const { file, tokens, database } = parts;
  return database.transaction(async () => {
    const known = await knownToken(file, tokens);
    if ((await readSetting(database, 'admin_token')) !== undefined) {
      return { usable: known?.principal.scope === 'admin' };
    }
    const principal = await database.db.selectFrom('principals').select('id').limit(1).executeTakeFirst();
    if (!principal) {
      await makeAdminToken(parts, 'the first start');
      return { usable: true };
    }
    // Of a version before there were admins, whose first token could do everything. Decided once: no file that is
    // put there later makes another one.
    const first = known?.principal.scope === 'write' ? known : undefined;
    if (first) {
      await promoteToAdmin(database.db, { id: first.tokenId, principalId: first.principal.id });
    }
    await writeSetting(database, 'admin_token', first?.tokenId ?? '');
    return { usable: first !== undefined };
  });
}

/** Makes an admin token, puts it into the file and revokes the one that it replaces. Others stay. */
export function replaceAdminToken(parts: AdminTokenParts): Promise<void> {
  const { file, tokens, database } = parts;
  return database.transaction(async () => {
    const replaced = new Set([await readSetting(database, 'admin_token'), (await knownToken(file, tokens))?.tokenId]);
    for (const id of replaced) {
      if (id) await tokens.end({ kind: 'system' }, id, 'replaced by ksm-iac token recover');
    }
    await freeName(database.db, ADMIN_NAME, 'admin');
    await makeAdminToken(parts, 'ksm-iac token recover');
  });
}

async function makeAdminToken({ file, tokens, database }: AdminTokenParts, reason: string): Promise<void> {
  const limits = { applications: null, secrets: null, allowEdit: false };
  const wanted = { name: ADMIN_NAME, scope: 'admin' as const, limits, expiresAt: null };
  const { token, text } = await tokens.mint({ kind: 'system' }, wanted, reason);
  await writeSetting(database, 'admin_token', token.id);
  // Before the transaction ends: a crash in between leaves a file of no use, never a token that nobody has.
  writeFileAtomically(file, `${text}\n`, PRIVATE_MODE);
}

async function knownToken(file: string, tokens: TokenKeeping) {
  const text = read(file);
  try {
    return text === undefined ? undefined : await tokens.authenticate(text);
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

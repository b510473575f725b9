import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { KsmError } from '../../contract/errors';
import type { Clock } from '../clock';
import type { Database } from '../store/database';
import type { Principal, Scope } from './caller';

/** Lets people and secret scanners recognise a token. */
const PREFIX = 'ksm_iac_';

/** Tokens are 32 random bytes, so one round of SHA-256 is enough: there is nothing to guess. */
const hashOf = (text: string): Buffer => createHash('sha256').update(text).digest();

export function apiTokenOperations({ database, clock }: { database: Database; clock: Clock }) {
  return {
    /**
     * @returns the text of the token, SECRET: here and never again
     * @param input.expiresAt milliseconds since 1970. Undefined: never expires
     * @param input.beforeCommit gets the text before the token exists, to put it where a crash cannot lose it
     */
    async create(input: {
      name: string;
      scope: Scope;
      expiresAt?: number | undefined;
      beforeCommit?: (text: string) => Promise<void>;
    }): Promise<{ id: string; text: string }> {
      const text = `${PREFIX}${randomBytes(32).toString('base64url')}`;
      const id = randomBytes(16).toString('base64url');
      await database.transaction(async () => {
        const row = { id, name: input.name, scope: input.scope, hash: hashOf(text), created_at: clock.now() };
        await database.db
          .insertInto('api_tokens')
          .values({ ...row, expires_at: input.expiresAt ?? null })
          .execute();
        await input.beforeCommit?.(text);
      });
      return { id, text };
    },

    /** @throws KsmError `unauthenticated`; its text is the same for an unknown and for an expired token */
    async authenticate(text: string): Promise<Principal> {
      const hash = hashOf(text);
      const row = await database.db
        .selectFrom('api_tokens')
        .select(['id', 'name', 'scope', 'hash', 'expires_at'])
        .where('hash', '=', hash)
        .executeTakeFirst();
      if (!row || !timingSafeEqual(row.hash, hash) || (row.expires_at !== null && row.expires_at <= clock.now())) {
        throw new KsmError(
          'unauthenticated',
          'The API token is unknown or expired. Send one of this service as "Authorization: Bearer <token>"; `ksm-iac env` names the file that holds the first.',
        );
      }
      return { id: row.id, name: row.name, scope: row.scope };
    },
  };
}

export type ApiTokens = ReturnType<typeof apiTokenOperations>;

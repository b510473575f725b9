/** The tokens themselves: made, found by their text and ended. Whoever asks for it was authorised before. */

import { createHash, timingSafeEqual } from 'node:crypto';
import { KsmError } from '../../contract/errors';
import type { ApiToken } from '../../contract/types';
import type { Database } from '../store/database';
import type { ApiTokenRow, PrincipalRow } from '../store/schema/service';
import { optionalTimestamp, timestamp } from '../vault/timestamp';
import type { Clock } from '../world/clock';
import { randomBytes } from '../world/random';
import { randomId } from '../world/random-id';
import type { AuditActor, AuditTrail } from './audit-trail';
import type { Limits, Principal, Scope } from './caller';
import { ensurePrincipal, limitsOf } from './principal';

/** Lets people and secret scanners recognise a token. */
const PREFIX = 'ksm_iac_';
/** A token that ended is listed for so long: pipelines make one for each job. */
const KEEP_ENDED_MS = 30 * 86_400_000;

/** Tokens are 32 random bytes, so one round of SHA-256 is enough: there is nothing to guess. */
const hashOf = (text: string): Buffer => createHash('sha256').update(text).digest();

export interface NewToken {
  readonly name: string;
  readonly scope: Scope;
  readonly limits: Limits;
  /** Milliseconds since 1970; null: never. */
  readonly expiresAt: number | null;
}

/** Whoever presented a valid token, and when that token ends. */
export interface Authenticated {
  readonly principal: Principal;
  readonly tokenId: string;
  readonly tokenExpiresAt: number | null;
}

export type TokenKeeping = ReturnType<typeof tokenKeeping>;

export function tokenKeeping(parts: { database: Database; clock: Clock; auditTrail: AuditTrail }) {
  const { database, clock, auditTrail } = parts;
  return {
    /**
     * Belongs to the transaction that it is called in.
     *
     * @returns the text of the token, SECRET: here and never again
     */
    async mint(actor: AuditActor, input: NewToken, reason?: string): Promise<{ token: ApiToken; text: string }> {
      const text = `${PREFIX}${randomBytes(32).toString('base64url')}`;
      const now = clock.now();
      const principal = await ensurePrincipal(database.db, input, now);
      const row: ApiTokenRow = {
        id: randomId(),
        principal_id: principal.id,
        hash: hashOf(text),
        created_at: now,
        expires_at: input.expiresAt,
      };
      await database.db.insertInto('api_tokens').values(row).execute();
      const token = toApiToken(row, principal);
      const after = factsOf(token);
      await auditTrail.done(actor, { action: 'api_token.create', target: row.id, name: input.name, after, reason });
      return { token, text };
    },

    /** Belongs to the transaction that it is called in. @returns whether there was one */
    async end(actor: AuditActor, id: string, reason?: string): Promise<boolean> {
      const row = await database.db
        .selectFrom('api_tokens')
        .innerJoin('principals', 'principals.id', 'api_tokens.principal_id')
        .selectAll('principals')
        .select(['api_tokens.created_at as made_at', 'expires_at'])
        .where('api_tokens.id', '=', id)
        .executeTakeFirst();
      if (!row) return false;
      await database.db.deleteFrom('api_tokens').where('id', '=', id).execute();
      const token = toApiToken({ id, created_at: row.made_at, expires_at: row.expires_at }, row);
      const before = factsOf(token);
      await auditTrail.done(actor, { action: 'api_token.delete', target: id, name: row.name, before, reason });
      return true;
    },

    /** @throws KsmError `unauthenticated`; its text is the same for an unknown and for an expired token */
    async authenticate(text: string): Promise<Authenticated> {
      const hash = hashOf(text);
      const row = await database.db
        .selectFrom('api_tokens')
        .innerJoin('principals', 'principals.id', 'api_tokens.principal_id')
        .selectAll('principals')
        .select(['hash', 'expires_at', 'api_tokens.id as token_id'])
        .where('hash', '=', hash)
        .executeTakeFirst();
      if (!row || !timingSafeEqual(row.hash, hash) || (row.expires_at !== null && row.expires_at <= clock.now())) {
        throw new KsmError(
          'unauthenticated',
          'The API token is unknown or expired. Use one of this service: `ksm-iac token create` makes one, and `ksm-iac env` names the file that holds the first.',
        );
      }
      return {
        principal: { id: row.id, name: row.name, scope: row.scope, limits: limitsOf(row) },
        tokenId: row.token_id,
        tokenExpiresAt: row.expires_at,
      };
    },

    /** Drops tokens that ended long ago; their audit events stay. */
    async purge(): Promise<void> {
      await database.db
        .deleteFrom('api_tokens')
        .where('expires_at', '<=', clock.now() - KEEP_ENDED_MS)
        .execute();
    },
  };
}

const factsOf = ({ scope, applications, secrets, allowEdit, expiresAt }: ApiToken) => ({
  scope,
  applications,
  secrets,
  allowEdit,
  expiresAt,
});

export function toApiToken(
  { id, created_at, expires_at }: Pick<ApiTokenRow, 'id' | 'created_at' | 'expires_at'>,
  principal: PrincipalRow,
): ApiToken {
  const { applications, secrets, allowEdit } = limitsOf(principal);
  return {
    id,
    name: principal.name,
    principalId: principal.id,
    scope: principal.scope,
    applications: applications && [...applications],
    secrets: secrets && [...secrets],
    allowEdit,
    createdAt: timestamp(created_at),
    expiresAt: optionalTimestamp(expires_at),
  };
}

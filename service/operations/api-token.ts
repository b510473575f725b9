import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { KsmError } from '../../contract/errors';
import type { ApiToken, ApiTokenCreate, ApiTokenCreated, Page } from '../../contract/types';
import type { Clock } from '../clock';
import { randomId } from '../random-id';
import type { Database } from '../store/database';
import type { ApiTokenRow, PrincipalRow } from '../store/schema/service';
import type { PageRequest } from '../vault/vault';
import type { AuditActor, AuditTrail } from './audit-trail';
import type { Caller, Limits, Principal, Scope } from './caller';
import { ensurePrincipal, limitsOf } from './principal';
import type { Units, Written } from './unit';

/** Lets people and secret scanners recognise a token. */
const PREFIX = 'ksm_iac_';

/** Tokens are 32 random bytes, so one round of SHA-256 is enough: there is nothing to guess. */
const hashOf = (text: string): Buffer => createHash('sha256').update(text).digest();

export interface ApiTokenOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly units: Units;
  readonly auditTrail: AuditTrail;
}

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
  readonly tokenExpiresAt: number | null;
}

export function apiTokenOperations({ database, clock, units, auditTrail }: ApiTokenOptions) {
  async function mint(actor: AuditActor, input: NewToken): Promise<{ token: ApiToken; text: string }> {
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
    const { scope, applications, secrets, allowEdit, expiresAt } = token;
    const after = { scope, applications, secrets, allowEdit, expiresAt };
    await auditTrail.done(actor, { action: 'api_token.create', target: row.id, name: input.name, after });
    return { token, text };
  }

  return {
    /**
     * For the service itself; callers `issue` theirs.
     *
     * @returns the text of the token, SECRET: here and never again
     * @param beforeCommit gets the token before it exists, to put it where a crash cannot lose it
     */
    create: (input: NewToken, beforeCommit?: (made: { token: ApiToken; text: string }) => Promise<void>) =>
      database.transaction(async () => {
        const made = await mint({ kind: 'system' }, input);
        await beforeCommit?.(made);
        return made;
      }),

    /** The reply alone carries the text of the token, SECRET. */
    async issue(caller: Caller, wanted: ApiTokenCreate): Promise<Written<ApiTokenCreated>> {
      const input = newToken(wanted, clock.now());
      return units.write(caller, { action: 'api_token.create', name: input.name, token: input }, async () => {
        const { token, text } = await mint({ kind: 'token', caller }, input);
        return { ...token, token: text };
      });
    },

    /** In the order of their ids. Whoever may not make tokens learns nothing of those that there are. */
    list: (caller: Caller, page: PageRequest): Promise<Page<ApiToken>> =>
      units.read(caller, { action: 'api_token.list' }, async () => {
        const rows = await database.db
          .selectFrom('api_tokens')
          .innerJoin('principals', 'principals.id', 'api_tokens.principal_id')
          .selectAll('principals')
          .select(['api_tokens.id as token_id', 'api_tokens.created_at as made_at', 'expires_at'])
          .where('api_tokens.id', '>', page.cursor ?? '')
          .orderBy('api_tokens.id')
          .limit(page.limit + 1)
          .execute();
        const items = rows
          .slice(0, page.limit)
          .map((row) => toApiToken({ id: row.token_id, created_at: row.made_at, expires_at: row.expires_at }, row));
        return rows.length > page.limit ? { items, nextCursor: items.at(-1)?.id } : { items };
      }),

    /** From its end on every request with it is `unauthenticated`. @throws KsmError `api_token_not_found` */
    revoke: (caller: Caller, id: string): Promise<Written<void>> =>
      units.write(caller, { action: 'api_token.delete' }, async (change) => {
        const row = await database.db
          .selectFrom('api_tokens')
          .innerJoin('principals', 'principals.id', 'api_tokens.principal_id')
          .select(['principals.name', 'principals.scope'])
          .where('api_tokens.id', '=', id)
          .executeTakeFirst();
        if (!row) {
          throw new KsmError('api_token_not_found', `There is no API token ${id}. It may have been revoked already.`);
        }
        await database.db.deleteFrom('api_tokens').where('id', '=', id).execute();
        await change.audit({
          action: 'api_token.delete',
          target: id,
          name: row.name,
          before: { scope: row.scope },
        });
      }),

    /** @throws KsmError `unauthenticated`; its text is the same for an unknown and for an expired token */
    async authenticate(text: string): Promise<Authenticated> {
      const hash = hashOf(text);
      const row = await database.db
        .selectFrom('api_tokens')
        .innerJoin('principals', 'principals.id', 'api_tokens.principal_id')
        .selectAll('principals')
        .select(['hash', 'expires_at'])
        .where('hash', '=', hash)
        .executeTakeFirst();
      if (!row || !timingSafeEqual(row.hash, hash) || (row.expires_at !== null && row.expires_at <= clock.now())) {
        throw new KsmError(
          'unauthenticated',
          'The API token is unknown or expired. Send one of this service as "Authorization: Bearer <token>"; `ksm-iac env` names the file that holds the first.',
        );
      }
      return {
        principal: { id: row.id, name: row.name, scope: row.scope, limits: limitsOf(row) },
        tokenExpiresAt: row.expires_at,
      };
    },
  };
}

const MINUTE_MS = 60_000;
const DAY_MS = 1_440 * MINUTE_MS;

/** @throws KsmError `invalid_request` for what contradicts itself or would limit nothing */
function newToken(wanted: ApiTokenCreate, now: number): NewToken {
  const { name, scope, allowEdit = false, expiresInDays: days, expiresInMinutes: minutes } = wanted;
  const applications = wanted.applications ?? null;
  const secrets = wanted.secrets ?? null;
  if (typeof days === 'number' && typeof minutes === 'number') {
    throw invalid('/expiresInMinutes', `is ${minutes} beside ${days} days; expected one of the two`);
  }
  if (scope === 'admin' && (applications || secrets)) {
    throw invalid(
      '/scope',
      'is "admin", which has no limits; expected read, session or write beside applications or secrets',
    );
  }
  if (scope === 'write' && applications && !secrets) {
    throw invalid(
      '/secrets',
      'is missing: a write token that is limited to applications could otherwise grant any secret to itself; expected the UIDs that it may grant',
    );
  }
  if (allowEdit && !secrets) {
    throw invalid('/allowEdit', 'is true without secrets; expected it beside the secrets that may be granted editable');
  }
  const life = typeof minutes === 'number' ? minutes * MINUTE_MS : typeof days === 'number' ? days * DAY_MS : null;
  return { name, scope, limits: { applications, secrets, allowEdit }, expiresAt: life === null ? null : now + life };
}

function invalid(field: string, message: string): KsmError {
  return new KsmError('invalid_request', `The request is not valid: ${field.slice(1)} ${message}.`, {
    errors: [{ field, message }],
  });
}

function toApiToken(
  { id, created_at, expires_at }: Pick<ApiTokenRow, 'id' | 'created_at' | 'expires_at'>,
  principal: PrincipalRow,
): ApiToken {
  const timestamp = (time: number) => new Date(time).toISOString();
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
    expiresAt: expires_at === null ? null : timestamp(expires_at),
  };
}

export type ApiTokens = ReturnType<typeof apiTokenOperations>;

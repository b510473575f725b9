import { KsmError } from '../../contract/errors';
import type { ApiToken, ApiTokenCreate, ApiTokenCreated, Page } from '../../contract/types';
import type { Database } from '../store/database';
import type { PageRequest } from '../vault/vault';
import type { Clock } from '../world/clock';
import type { Caller } from './caller';
import type { Written } from './change/mutation';
import { type NewToken, type TokenKeeping, toApiToken } from './token-keeping';
import type { Units } from './unit';

export interface ApiTokenOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly units: Units;
  readonly tokens: TokenKeeping;
}

export function apiTokenOperations({ database, clock, units, tokens }: ApiTokenOptions) {
  return {
    /** For the service itself; callers `issue` theirs. @returns the text of the token, SECRET */
    create: (input: NewToken) => database.transaction(() => tokens.mint({ kind: 'system' }, input)),

    /** The reply alone carries the text of the token, SECRET. */
    async issue(caller: Caller, wanted: ApiTokenCreate): Promise<Written<ApiTokenCreated>> {
      const input = newToken(wanted, clock.now());
      return units.write(caller, { action: 'api_token.create', name: input.name, token: input }, async () => {
        const { token, text } = await tokens.mint({ kind: 'token', caller }, input);
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

    /**
     * From its end on every request with it is `unauthenticated`. Also the caller's own, and the last admin's:
     * whoever finds a token stolen must not have to make another one first. `ksm-iac token recover` makes one.
     *
     * @throws KsmError `api_token_not_found`
     */
    revoke: (caller: Caller, id: string): Promise<Written<void>> =>
      units.write(caller, { action: 'api_token.delete', target: id }, async () => {
        if (!(await tokens.end({ kind: 'token', caller }, id))) {
          throw new KsmError('api_token_not_found', `There is no API token ${id}. It may have been revoked already.`);
        }
      }),

    authenticate: tokens.authenticate,
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

export type ApiTokens = ReturnType<typeof apiTokenOperations>;

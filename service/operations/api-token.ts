import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { KsmError } from '../../contract/errors';
import type { ApiToken, ApiTokenCreated, Page } from '../../contract/types';
import type { Clock } from '../clock';
import type { Database } from '../store/database';
import type { ApiTokenRow } from '../store/schema/service';
import type { PageRequest } from '../vault/vault';
import { type Caller, type Principal, requireWrite, type Scope } from './caller';
import type { Units, Written } from './unit';

/** Lets people and secret scanners recognise a token. */
const PREFIX = 'ksm_iac_';

/** Tokens are 32 random bytes, so one round of SHA-256 is enough: there is nothing to guess. */
const hashOf = (text: string): Buffer => createHash('sha256').update(text).digest();

const DAY_MS = 86_400_000;

export interface ApiTokenOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly units: Units;
}

export function apiTokenOperations({ database, clock, units }: ApiTokenOptions) {
  const operations = {
    /**
     * For the service itself; callers `issue` theirs.
     *
     * @returns the text of the token, SECRET: here and never again
     * @param input.expiresAt milliseconds since 1970. Undefined: never expires
     * @param input.beforeCommit gets the text before the token exists, to put it where a crash cannot lose it
     */
    async create(input: {
      name: string;
      scope: Scope;
      expiresAt?: number | undefined;
      beforeCommit?: (text: string) => Promise<void>;
    }): Promise<{ row: ApiTokenRow; text: string }> {
      const text = `${PREFIX}${randomBytes(32).toString('base64url')}`;
      const row: ApiTokenRow = {
        id: newId(),
        name: input.name,
        scope: input.scope,
        hash: hashOf(text),
        created_at: clock.now(),
        expires_at: input.expiresAt ?? null,
      };
      await database.transaction(async () => {
        await database.db.insertInto('api_tokens').values(row).execute();
        await input.beforeCommit?.(text);
      });
      return { row, text };
    },

    /** The reply alone carries the text of the token, SECRET. */
    issue: (
      caller: Caller,
      input: { name: string; scope: Scope; expiresInDays?: number | undefined },
    ): Promise<Written<ApiTokenCreated>> =>
      units.write(caller, async (change) => {
        const { name, scope, expiresInDays } = input;
        const expiresAt = expiresInDays === undefined ? undefined : clock.now() + expiresInDays * DAY_MS;
        const { row, text } = await operations.create({ name, scope, expiresAt });
        await change.audit({ action: 'api_token.create', target: row.id, name });
        return { ...toApiToken(row), token: text };
      }),

    /** In the order of their ids. Whoever may not make tokens learns nothing of those that there are. */
    list(caller: Caller, page: PageRequest): Promise<Page<ApiToken>> {
      requireWrite(caller);
      return units.read(caller, async () => {
        const rows = await database.db
          .selectFrom('api_tokens')
          .selectAll()
          .where('id', '>', page.cursor ?? '')
          .orderBy('id')
          .limit(page.limit + 1)
          .execute();
        const items = rows.slice(0, page.limit).map(toApiToken);
        return rows.length > page.limit ? { items, nextCursor: items.at(-1)?.id } : { items };
      });
    },

    /** From its end on every request with it is `unauthenticated`. @throws KsmError `api_token_not_found` */
    revoke: (caller: Caller, id: string): Promise<Written<void>> =>
      units.write(caller, async (change) => {
        const row = await database.db
          .deleteFrom('api_tokens')
          .where('id', '=', id)
          .returning('name')
          .executeTakeFirst();
        if (!row) {
          throw new KsmError('api_token_not_found', `There is no API token ${id}. It may have been revoked already.`);
        }
        await change.audit({ action: 'api_token.delete', target: id, name: row.name });
      }),

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
  return operations;
}

/** As a UID, but never with a dash first, which a command line would take for an option. */
function newId(): string {
  const id = randomBytes(16).toString('base64url');
  return id.startsWith('-') ? newId() : id;
}

function toApiToken({ id, name, scope, created_at, expires_at }: ApiTokenRow): ApiToken {
  const timestamp = (time: number) => new Date(time).toISOString();
  return {
    id,
    name,
    scope,
    createdAt: timestamp(created_at),
    expiresAt: expires_at === null ? null : timestamp(expires_at),
  };
}

export type ApiTokens = ReturnType<typeof apiTokenOperations>;

import { type Static, type TSchema, Type } from '@sinclair/typebox';
import {
  CLIENT_ID_PATTERN,
  NAME_MAX_LENGTH,
  NAME_MIN_LENGTH,
  NAME_PATTERN,
  PAGE_DEFAULT_ITEMS,
  PAGE_MAX_ITEMS,
  UID_PATTERN,
} from '../limits';

export const Uid = Type.String({
  pattern: UID_PATTERN,
  description: 'Keeper UID: 16 bytes in base64url without padding, 22 characters.',
  examples: ['0Zq7rJmNBqKIl0mLkAJhMg'],
});

/** What names a gateway in a path: its client id, or its gateway UID where no client id is known. */
export const GatewayRef = Type.String({
  pattern: `${CLIENT_ID_PATTERN}|${UID_PATTERN}`,
  description: 'Client id of the gateway, or its gateway UID.',
});

/** In snapshots alone: whether a state is known to hold it. A refresh tells the service of those that it finds not held. */
export const Held = Type.Optional(
  Type.Boolean({ description: 'In snapshots alone: whether a state is known to hold it.' }),
);

export const ClientId = Type.String({
  pattern: CLIENT_ID_PATTERN,
  description: 'Client id: 64 bytes in base64url without padding, 86 characters.',
});

export const Name = Type.String({
  minLength: NAME_MIN_LENGTH,
  maxLength: NAME_MAX_LENGTH,
  pattern: NAME_PATTERN,
  description: '1 to 255 characters without control characters; anything else round-trips unchanged.',
});

/** ISO 8601 in UTC with milliseconds, as `Date.toISOString` writes it. */
export const Timestamp = Type.String({ format: 'date-time', description: 'ISO 8601 in UTC.' });

export const Nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

/** A list: complete within an application, paged by `cursor` elsewhere. */
export const ListOf = <T extends TSchema>(item: T) => Type.Object({ items: Type.Array(item) });
export const PageOf = <T extends TSchema>(item: T) =>
  Type.Object({
    items: Type.Array(item),
    nextCursor: Type.Optional(
      Type.String({ description: 'Pass it as `cursor` for the next page; absent on the last.' }),
    ),
  });

export const PageQuery = Type.Object({
  cursor: Type.Optional(
    Type.String({ maxLength: 1024, pattern: '^[A-Za-z0-9_-]+$', description: 'The `nextCursor` of the page before.' }),
  ),
  limit: Type.Optional(
    Type.Integer({ minimum: 1, maximum: PAGE_MAX_ITEMS, default: PAGE_DEFAULT_ITEMS, description: 'Items a page.' }),
  ),
});
export type PageQuery = Static<typeof PageQuery>;

export const ApplicationParams = Type.Object({ applicationId: Uid });

import { Type } from '@sinclair/typebox';
import { API_TOKEN_EXPIRES_MAX_DAYS, API_TOKEN_EXPIRES_MIN_DAYS } from '../limits';
import { Name, Nullable, PageOf, Timestamp, Uid } from './common';

/** What an API token may do. Every scope may hold and settle its own runs. */
export const ApiTokenScope = Type.Union([Type.Literal('read'), Type.Literal('write'), Type.Literal('session')], {
  description: 'read: sees everything, changes nothing; write: everything; session: read, for one session.',
});

/** An API token as lists show it: its text is stored nowhere. */
export const ApiToken = Type.Object({
  id: Uid,
  name: Name,
  scope: ApiTokenScope,
  createdAt: Timestamp,
  expiresAt: Nullable(Timestamp),
});

export const ApiTokenCreate = Type.Object(
  {
    name: Name,
    scope: ApiTokenScope,
    expiresInDays: Type.Optional(
      Nullable(
        Type.Integer({
          minimum: API_TOKEN_EXPIRES_MIN_DAYS,
          maximum: API_TOKEN_EXPIRES_MAX_DAYS,
          description: 'How long it is good for, in days from its creation; null or absent: for ever.',
        }),
      ),
    ),
  },
  { additionalProperties: false },
);

export const ApiTokenCreated = Type.Object({
  ...ApiToken.properties,
  token: Type.String({ description: 'SECRET. The text of the token, in this reply and nowhere else.' }),
});
export const ApiTokenPage = PageOf(ApiToken);
export const ApiTokenParams = Type.Object({ tokenId: Uid });

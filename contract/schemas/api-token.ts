import { Type } from '@sinclair/typebox';
import {
  API_TOKEN_EXPIRES_MAX_DAYS,
  API_TOKEN_EXPIRES_MAX_MINUTES,
  API_TOKEN_EXPIRES_MIN_DAYS,
  API_TOKEN_EXPIRES_MIN_MINUTES,
  API_TOKEN_MAX_PATTERNS,
  API_TOKEN_MAX_SECRETS,
} from '../limits';
import { Name, Nullable, PageOf, Timestamp, Uid } from './common';

/** What an API token may do. Every scope may hold and settle its own principal's runs. */
export const ApiTokenScope = Type.Union(
  [Type.Literal('read'), Type.Literal('session'), Type.Literal('write'), Type.Literal('admin')],
  {
    description:
      'read: sees, changes nothing; session: read and ephemeral devices; write: everything but tokens and settings; admin: those too, and the audit events.',
  },
);

/** What narrows a token; null or false: no limit of that kind. */
const limits = {
  applications: Nullable(
    Type.Array(Name, {
      minItems: 1,
      maxItems: API_TOKEN_MAX_PATTERNS,
      description: 'Only applications whose name matches one of these; `*` stands for any text.',
    }),
  ),
  secrets: Nullable(
    Type.Array(Uid, {
      minItems: 1,
      maxItems: API_TOKEN_MAX_SECRETS,
      description: 'Only these shared folders and records may be seen and granted.',
    }),
  ),
  allowEdit: Type.Boolean({
    description: 'Whether a token that is limited to secrets may grant them editable. An unlimited one may.',
  }),
};

/** An API token as lists show it: its text is stored nowhere. Tokens of one name belong to one principal. */
export const ApiToken = Type.Object({
  id: Uid,
  name: Name,
  principalId: Uid,
  scope: ApiTokenScope,
  ...limits,
  createdAt: Timestamp,
  expiresAt: Nullable(Timestamp),
});

export const ApiTokenCreate = Type.Object(
  {
    name: Name,
    scope: ApiTokenScope,
    applications: Type.Optional(limits.applications),
    secrets: Type.Optional(limits.secrets),
    allowEdit: Type.Optional(Type.Boolean({ default: false })),
    expiresInDays: Type.Optional(
      Nullable(
        Type.Integer({
          minimum: API_TOKEN_EXPIRES_MIN_DAYS,
          maximum: API_TOKEN_EXPIRES_MAX_DAYS,
          description: 'How long it is good for, in days from its creation; neither days nor minutes: for ever.',
        }),
      ),
    ),
    expiresInMinutes: Type.Optional(
      Nullable(
        Type.Integer({
          minimum: API_TOKEN_EXPIRES_MIN_MINUTES,
          maximum: API_TOKEN_EXPIRES_MAX_MINUTES,
          description: 'How long it is good for, in minutes, in place of days.',
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

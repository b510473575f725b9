/** Attributes that several resources have, so that one thing is described, checked and named once. */
import {
  NAME_MAX_LENGTH,
  NAME_MIN_LENGTH,
  NAME_PATTERN,
  TOKEN_EXPIRES_DEFAULT_MINUTES,
  TOKEN_EXPIRES_MAX_MINUTES,
  TOKEN_EXPIRES_MIN_MINUTES,
  UID_PATTERN,
} from '../../../contract/limits';
import { type AttributeSchema, integerBetween, lengthBetween, matches, oneOf, type Validator } from '../../framework';

export const uidValidator = matches(
  new RegExp(UID_PATTERN),
  'a Keeper UID: 22 characters of A-Z, a-z, 0-9, "-" and "_"',
);

const nameLength = lengthBetween(NAME_MIN_LENGTH, NAME_MAX_LENGTH);
const nameCharacters = matches(new RegExp(NAME_PATTERN, 'u'), 'text without control characters');

/** One problem at a time: of an empty name its characters are no matter. */
export const nameValidators: readonly Validator[] = [(value) => nameLength(value) ?? nameCharacters(value)];

/** Every value of the configuration is as good as the one an import had to guess. */
const ANY = () => true;

export const applicationId: AttributeSchema = {
  type: 'string',
  required: true,
  requiresReplace: true,
  description: 'UID of the application, usually `ksm_application.<name>.id`. A change replaces.',
  validators: [uidValidator],
};

/** A UID of the vault that is granted. */
export const secretUid = (what: string): AttributeSchema => ({
  type: 'string',
  required: true,
  requiresReplace: true,
  description: `UID of the ${what}: 22 characters, as the vault shows it. A change replaces.`,
  validators: [uidValidator],
});

export const editable: AttributeSchema = {
  type: 'bool',
  optional: true,
  computed: true,
  default: false,
  description:
    'Whether devices of the application may also change what is granted ("Can Edit"); a gateway needs it. Default: `false`, read only. Changes in place.',
};

export const initialization: AttributeSchema = {
  type: 'string',
  optional: true,
  computed: true,
  default: 'token',
  requiresReplace: true,
  adoptAfterImport: ANY,
  description:
    'How the credential is handed out. `token` (the default, and the only form of this version): a one-time token that is redeemed once. A change replaces.',
  validators: [oneOf('token')],
};

export const tokenExpiresInMinutes: AttributeSchema = {
  type: 'number',
  optional: true,
  computed: true,
  default: TOKEN_EXPIRES_DEFAULT_MINUTES,
  description: `How long the unused one-time token can be redeemed, in minutes from its creation, ${TOKEN_EXPIRES_MIN_MINUTES} to ${TOKEN_EXPIRES_MAX_MINUTES} (a day). Default: ${TOKEN_EXPIRES_DEFAULT_MINUTES}. Changes in place, for the next token: the one that was issued keeps its end.`,
  validators: [integerBetween(TOKEN_EXPIRES_MIN_MINUTES, TOKEN_EXPIRES_MAX_MINUTES, 'minutes')],
};

export const rotationTriggers: AttributeSchema = {
  type: { map: 'string' },
  optional: true,
  requiresReplace: true,
  adoptAfterImport: ANY,
  description:
    'Any text by any key; a change of it replaces, and so issues a new one-time token and revokes the old credential. Not for secrets: it is shown in plans. After an import the first value is adopted without replacing.',
};

export const id = (form: string): AttributeSchema => ({
  type: 'string',
  computed: true,
  description: `${form}. Also the id for \`terraform import\`. Never changes.`,
});

export const clientId = (noun: string): AttributeSchema => ({
  type: 'string',
  computed: true,
  description: `Client id of the ${noun}: 64 bytes in base64url without padding, 86 characters. It is derived from the one-time token and is no secret.`,
});

export const hostname: AttributeSchema = {
  type: 'string',
  computed: true,
  description:
    "Where the one-time token is redeemed and secrets are read, `host` or `host:port`: an SDK's host name, as it was when the token was issued.",
};

export const oneTimeToken = (noun: string): AttributeSchema => ({
  type: 'string',
  computed: true,
  sensitive: true,
  description: `The one-time token for this ${noun}: good for one redemption until \`token_expires_at\`. It stays here as issued after it is redeemed, when it is worth nothing any more. Null after an import. Kept in the state: protect the state as you protect a credential.`,
});

export const createdAt = (noun: string): AttributeSchema => ({
  type: 'string',
  computed: true,
  description: `When the ${noun} was created, ISO 8601 in UTC.`,
});

export const tokenExpiresAt: AttributeSchema = {
  type: 'string',
  computed: true,
  description: 'Until when the one-time token can be redeemed, ISO 8601 in UTC.',
};

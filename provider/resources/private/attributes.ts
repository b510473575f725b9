/** Attributes that several resources have, so that one thing is described, checked and named once. */
import { NAME_MAX_LENGTH, NAME_MIN_LENGTH, NAME_PATTERN, UID_PATTERN } from '../../../contract/limits';
import { type AttributeSchema, lengthBetween, matches, type Validator } from '../../framework';

export const uidValidator = matches(
  new RegExp(UID_PATTERN),
  'a Keeper UID: 22 characters of A-Z, a-z, 0-9, "-" and "_"',
);

const nameLength = lengthBetween(NAME_MIN_LENGTH, NAME_MAX_LENGTH);
const nameCharacters = matches(new RegExp(NAME_PATTERN, 'u'), 'text without control characters');

/** One problem at a time: of an empty name its characters are no matter. */
export const nameValidators: readonly Validator[] = [(value) => nameLength(value) ?? nameCharacters(value)];

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

export const createdAt = (noun: string): AttributeSchema => ({
  type: 'string',
  computed: true,
  description: `When the ${noun} was created, ISO 8601 in UTC.`,
});

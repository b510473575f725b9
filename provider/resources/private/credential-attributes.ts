/** How a client device or a gateway gets its credential: the attributes that both have. */
import {
  SEAL_PUBLIC_KEY_PATTERN,
  TOKEN_EXPIRES_DEFAULT_MINUTES,
  TOKEN_EXPIRES_MAX_MINUTES,
  TOKEN_EXPIRES_MIN_MINUTES,
} from '../../../contract/limits';
import { type AttributeSchema, integerBetween, matches, oneOf } from '../../framework';

/** Every value of the configuration is as good as the one an import had to guess. */
const ANY = () => true;

/** @param more what one of the two has to say beside */
export const initialization = (more: string): AttributeSchema => ({
  type: 'string',
  optional: true,
  computed: true,
  default: 'token',
  requiresReplace: true,
  adoptAfterImport: ANY,
  description: `How the credential is handed out. \`token\` (the default): a one-time token, in \`one_time_token\`, which its holder redeems once for a configuration. \`config\`: the finished configuration, in \`config\`, which works at once and until it is revoked, so that a leaked state or plan is worth more to a thief than with a token. ${more} A change replaces.`,
  validators: [oneOf('token', 'config')],
});

export const reissue = (more: string): AttributeSchema => ({
  type: 'string',
  optional: true,
  computed: true,
  default: 'unredeemed',
  description: `What to do when the service says that the credential has ended. \`unredeemed\` (the default): a one-time token that lapsed before anyone redeemed it is replaced by a new one. ${more} \`never\`: nothing is renewed. A token that was redeemed plans nothing, whatever is set here. Changes in place.`,
  validators: [oneOf('unredeemed', 'expired', 'never')],
});

export const tokenExpiresInMinutes: AttributeSchema = {
  type: 'number',
  optional: true,
  computed: true,
  default: TOKEN_EXPIRES_DEFAULT_MINUTES,
  description: `How long the unused one-time token can be redeemed, in minutes from its creation, ${TOKEN_EXPIRES_MIN_MINUTES} to ${TOKEN_EXPIRES_MAX_MINUTES} (a day). Default: ${TOKEN_EXPIRES_DEFAULT_MINUTES}. Of no meaning with \`initialization = "config"\`. Changes in place, for the next token: the one that was issued keeps its end.`,
  validators: [integerBetween(TOKEN_EXPIRES_MIN_MINUTES, TOKEN_EXPIRES_MAX_MINUTES, 'minutes')],
};

export const rotationTriggers: AttributeSchema = {
  type: { map: 'string' },
  optional: true,
  requiresReplace: true,
  adoptAfterImport: ANY,
  description:
    'Any text by any key; a change of it replaces, and so issues a new credential and revokes the old one. Not for secrets: it is shown in plans. After an import the first value is adopted without replacing.',
};

export const sealToPublicKey: AttributeSchema = {
  type: 'string',
  optional: true,
  requiresReplace: true,
  adoptAfterImport: ANY,
  description:
    'Curve25519 public key, 32 bytes in base64: the credential leaves the service only as a libsodium sealed box for the owner of this key, in `sealed_one_time_token` or `sealed_config`, and no usable secret gets into plan or state. `key` of the data source `github_actions_public_key` is one, and the box is what `encrypted_value` of `github_actions_secret` takes. Default: the credential is in `one_time_token` or `config`. A change replaces.',
  validators: [
    matches(
      new RegExp(SEAL_PUBLIC_KEY_PATTERN),
      'a Curve25519 public key: 32 bytes in standard base64, 44 characters with the "=" at the end',
    ),
  ],
};

export const hostname: AttributeSchema = {
  type: 'string',
  computed: true,
  description:
    "Where the one-time token is redeemed and secrets are read, `host` or `host:port`: an SDK's host name, as it was when the credential was issued.",
};

export const oneTimeToken = (noun: string): AttributeSchema => ({
  type: 'string',
  computed: true,
  sensitive: true,
  description: `The one-time token for this ${noun}: good for one redemption until \`token_expires_at\`. It stays here as issued after it is redeemed, when it is worth nothing any more. Null with \`initialization = "config"\`, with \`seal_to_public_key\`, and after an import. Kept in the state: protect the state as you protect a credential.`,
});

export const config = (noun: string): AttributeSchema => ({
  type: 'string',
  computed: true,
  sensitive: true,
  description: `The configuration of this ${noun} in base64: \`base64decode\` gives the JSON that Keeper's SDKs store, and as it is it goes into \`KSM_CONFIG\`. Null with \`initialization = "token"\`, with \`seal_to_public_key\`, and after an import. It stays usable until it is revoked and is kept in the state: protect the state as you protect a credential.`,
});

export const sealedOneTimeToken: AttributeSchema = {
  type: 'string',
  computed: true,
  description:
    'The one-time token as a libsodium sealed box in base64, which the owner of the key alone can open. Not sensitive. Null without `seal_to_public_key`, with `initialization = "config"`, and after an import.',
};

export const sealedConfig: AttributeSchema = {
  type: 'string',
  computed: true,
  description:
    'The configuration, in the base64 form of `config`, as a libsodium sealed box in base64, which the owner of the key alone can open. Not sensitive. Null without `seal_to_public_key`, with `initialization = "token"`, and after an import.',
};

export const tokenExpiresAt: AttributeSchema = {
  type: 'string',
  computed: true,
  description:
    'Until when the one-time token can be redeemed, ISO 8601 in UTC; null: there is none (`initialization = "config"`), or an import could not find it out.',
};

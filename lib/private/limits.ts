/** Limits of the provider's schema; test/lib/limits.test.ts holds them equal to contract/limits.ts. */

/** Characters: Unicode code points. */
export const NAME_MAX_LENGTH = 255;
/** C0 controls, DEL and C1 controls. */
export const CONTROL_CHARACTER = /\p{Cc}/u;
/** Half of a surrogate pair, which UTF-8 cannot carry, so that it would come back as another character. */
export const HALF_PAIR = /\p{Surrogate}/u;
export const UID_PATTERN = /^[A-Za-z0-9_-]{22}$/;
export const CLIENT_ID_PATTERN = /^[A-Za-z0-9_-]{86}$/;

/** A Curve25519 public key, 32 bytes in standard base64. */
export const SEAL_PUBLIC_KEY_PATTERN = /^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/;

export const TOKEN_EXPIRES_MIN_MINUTES = 1;
export const TOKEN_EXPIRES_MAX_MINUTES = 1440;
export const ACCESS_EXPIRES_MIN_MINUTES = 1;
export const ACCESS_EXPIRES_MAX_MINUTES = 52_560_000;

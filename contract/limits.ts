/** Limits that provider, service and CLI agree on. Units are in the names. */

/** Names of applications, devices and gateways, in characters: Unicode code points, as JSON Schema counts them. */
export const NAME_MIN_LENGTH = 1;
export const NAME_MAX_LENGTH = 255;
/**
 * With the flag `u`. C0 controls, DEL and C1 controls, and half of a surrogate pair, which UTF-8 cannot carry;
 * everything else in a name round-trips unchanged.
 */
export const NAME_PATTERN = '^[^\\u0000-\\u001f\\u007f-\\u009f\\ud800-\\udfff]+$';

/** A Keeper UID: 16 random bytes as base64url without padding. It may begin with `-`. */
export const UID_PATTERN = '^[A-Za-z0-9_-]{22}$';
/** A client id: 64 bytes as base64url without padding, whatever the alphabet of the SDKs. */
export const CLIENT_ID_PATTERN = '^[A-Za-z0-9_-]{86}$';

/** First access expiry of a one-time token (Keeper's own bounds). */
export const TOKEN_EXPIRES_MIN_MINUTES = 1;
export const TOKEN_EXPIRES_MAX_MINUTES = 1440;
export const TOKEN_EXPIRES_DEFAULT_MINUTES = 60;

/** Access expiry of a device. Keeper names no upper bound; a hundred years keeps dates representable everywhere. */
export const ACCESS_EXPIRES_MIN_MINUTES = 1;
export const ACCESS_EXPIRES_MAX_MINUTES = 52_560_000;

/** Sealing: a Curve25519 public key, 32 bytes in standard base64 with padding. */
export const SEAL_PUBLIC_KEY_PATTERN = '^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$';

/** Life of an API token in days or minutes; the upper bound keeps dates representable everywhere. */
export const API_TOKEN_EXPIRES_MIN_DAYS = 1;
export const API_TOKEN_EXPIRES_MAX_DAYS = 36_500;
export const API_TOKEN_EXPIRES_MIN_MINUTES = 1;
export const API_TOKEN_EXPIRES_MAX_MINUTES = 52_560_000;
/** Name patterns of applications and UIDs of secrets that a token may be limited to. */
export const API_TOKEN_MAX_PATTERNS = 20;
export const API_TOKEN_MAX_SECRETS = 1_000;

/** Largest request body of `/v1` and of the device API. */
export const BODY_LIMIT_BYTES = 1_048_576;

/** A run that is not renewed for so long lapses; counted only while the service is up. */
export const RUN_LEASE_SECONDS = 120;
/** Most runs of one principal within a lease: each is a process of a provider. */
export const ACTIVE_RUNS_MAX = 1_000;
/** How often a provider renews its run. */
export const RUN_RENEW_SECONDS = 20;
/** A provider that shuts down waits so long for its calls in flight, then has so long to settle. */
export const IN_FLIGHT_TIMEOUT_MS = 6_000;
export const SETTLE_TIMEOUT_MS = 3_000;
/** A provider that made nothing waits so long at its end for the note of what it has read. */
export const NOTE_TIMEOUT_MS = 2_000;
/** A run id. Providers draw 32 random bytes; it is no secret, so other clients may choose a speaking one. */
export const RUN_ID_PATTERN = '^[A-Za-z0-9._~-]{1,128}$';
/** An id as Terraform has it: `<applicationId>`, `<applicationId>/<secretUid or gatewayUid>`, `<applicationId>/<clientId>`. */
export const ITEM_ID_PATTERN = '^[A-Za-z0-9_-]{22}(/([A-Za-z0-9_-]{22}|[A-Za-z0-9_-]{86}))?$';
/** How long a creation waits at most before it asks again whether another run, which made what it needs, still lives. */
export const RUN_ACTIVE_RETRY_SECONDS = 20;
/** Most ids in one `held` list. */
export const HELD_MAX_ITEMS = 10_000;
/** Largest body of the requests that carry one: an id of a client takes 112 bytes in it. */
export const HELD_BODY_LIMIT_BYTES = 2 * BODY_LIMIT_BYTES;

/**
 * `Idempotency-Key`: 32 random bytes in whatever text form (43 characters in base64url, 64 in hex), a UUID at the
 * least: the copy of the reply is encrypted with a key derived from it, so a short one is refused.
 */
export const IDEMPOTENCY_KEY_PATTERN = '^[A-Za-z0-9._~+/=:-]{22,255}$';
/** How long the encrypted copy of a reply is kept for a retry, unless its run is settled before. */
export const REPLAY_KEEP_MINUTES = 15;

/** After so many hours an unused configuration of a lapsed run ends, unless a state was seen to hold it; 0: never. */
export const UNCLAIMED_CONFIGURATION_HOURS = 168;
/** Most ids that a reply names of what a settle revoked, or of what `orphans revoke` ended. */
export const REVOKED_MAX_ITEMS = 1_000;
/** Most UIDs in one lookup of secrets. */
export const SECRETS_MAX_UIDS = 100;
/** Most dependents that a refused deletion names. */
export const DEPENDENTS_MAX_ITEMS = 100;

/** Page size of lists that are paged by `cursor`. */
export const PAGE_DEFAULT_ITEMS = 100;
export const PAGE_MAX_ITEMS = 1000;

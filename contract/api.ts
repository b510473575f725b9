/** Names on the wire that are not part of any body: version, headers, environment variables, features. */

/** The version of `/v1` that `GET /v1/info` names; a provider refuses another one. */
export const API_VERSION = '1';

export const HEADER_RUN = 'ksm-run';
export const HEADER_IDEMPOTENCY_KEY = 'idempotency-key';
/** `true` on a reply that was served from the replay copy of an earlier attempt. */
export const HEADER_IDEMPOTENCY_REPLAYED = 'idempotency-replayed';
export const HEADER_REQUEST_ID = 'x-request-id';
export const PROBLEM_CONTENT_TYPE = 'application/problem+json';

/** Environment variables. Never `KSM_TOKEN` or `KSM_CONFIG`: Keeper's SDKs read those as the device's credential. */
export const ENV = {
  endpoint: 'KSM_IAC_ENDPOINT',
  token: 'KSM_IAC_TOKEN',
  caCertificate: 'KSM_IAC_CA_CERTIFICATE',
  caCertificateFile: 'KSM_IAC_CA_CERTIFICATE_FILE',
  vaultChange: 'KSM_IAC_VAULT_CHANGE',
  masterKey: 'KSM_IAC_MASTER_KEY',
  commanderApiKey: 'KSM_IAC_COMMANDER_API_KEY',
  commanderEncryptionKey: 'KSM_IAC_COMMANDER_ENCRYPTION_KEY',
} as const;

/** What a service can do beyond the minimum, as `GET /v1/info` lists it. */
export const FEATURES = {
  /** Devices and gateways are handed out as one-time tokens. */
  initializationToken: 'initialization.token',
  /** They can be handed out as configurations, bound by the service itself. */
  initializationConfig: 'initialization.config',
  /** Tokens and configurations can leave as sealed boxes (`sealToPublicKey`). */
  seal: 'seal',
  /** Devices for one run alone (`ephemeral`). */
  ephemeralDevices: 'ephemeral-devices',
  /** `/v1/vault/folders` and `/v1/vault/records` exist. */
  vaultContent: 'vault.content',
  /** The KSM device API is served at the same address. */
  deviceApi: 'device-api',
} as const;
export type Feature = (typeof FEATURES)[keyof typeof FEATURES];

/** Keeper's own error codes, with the HTTP status that the SDKs look at. */
const STATUS = {
  bad_request: 400,
  invalid_client_version: 400,
  /** Another server key must be used: `key_id` says which. */
  key: 401,
  access_denied: 403,
  /** SDKs wait and retry on 403 alone. */
  throttled: 403,
  not_found: 404,
  internal_error: 500,
  not_supported: 501,
} as const;

export type DeviceErrorCode = keyof typeof STATUS;

/** A refusal in the form that the SDKs understand: JSON in clear. */
export class DeviceError extends Error {
  override readonly name = 'DeviceError';

  /** @param facts further members of the JSON: `key_id`, `retry_after` */
  constructor(
    readonly code: DeviceErrorCode,
    message: string,
    readonly facts: Readonly<Record<string, number | string>> = {},
  ) {
    super(message);
  }

  get status(): number {
    return STATUS[this.code];
  }

  toJSON(): object {
    return { error: this.code, message: this.message, ...this.facts };
  }
}

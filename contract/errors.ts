/**
 * The one registry of error codes between service, provider and CLI. A code,
 * once released, never changes its meaning and is never reused
 * (test/contract/errors.test.ts holds it equal to docs/errors.md).
 */

interface ProblemKind {
  /** HTTP status of the reply that carries the code. */
  readonly status: number;
  /** One short sentence, the same for every occurrence (RFC 9457 `title`). */
  readonly title: string;
}

export const PROBLEMS = {
  invalid_request: { status: 400, title: 'The request is not valid.' },
  invalid_json: { status: 400, title: 'The request body is not valid JSON.' },
  unauthenticated: { status: 401, title: 'The API token is missing, unknown or expired.' },
  forbidden: { status: 403, title: 'The API token does not allow this.' },
  route_not_found: { status: 404, title: 'There is nothing at this path.' },
  application_not_found: { status: 404, title: 'There is no such application.' },
  grant_not_found: { status: 404, title: 'The secret is not granted to this application.' },
  device_not_found: { status: 404, title: 'There is no such client device.' },
  gateway_not_found: { status: 404, title: 'There is no such gateway.' },
  api_token_not_found: { status: 404, title: 'There is no such API token.' },
  secret_not_found: { status: 404, title: 'The vault has no shared folder or record of this UID.' },
  run_not_found: { status: 404, title: 'There is no such run.' },
  request_incomplete: { status: 408, title: 'The request did not arrive in time.' },
  application_exists: { status: 409, title: 'An application of this name exists already.' },
  application_not_empty: { status: 409, title: 'The application still has grants, devices or gateways.' },
  grant_exists: { status: 409, title: 'The secret is granted already, with another permission.' },
  grant_inherited: { status: 409, title: 'The secret is granted through the folder that it is in.' },
  gateway_exists: { status: 409, title: 'A gateway of this name exists already.' },
  gateway_name_pending: { status: 409, title: 'A gateway of this name has not initialised yet.' },
  gateway_not_initialized: { status: 409, title: 'The gateway has not initialised yet.' },
  principal_exists: { status: 409, title: 'A principal of this name has another scope or other limits.' },
  folder_not_empty: { status: 409, title: 'The folder still has records or folders in it.' },
  vault_content_conflict: { status: 409, title: 'The UID belongs to something else in the vault.' },
  operation_in_progress: { status: 409, title: 'The same operation is still running.' },
  run_active: { status: 409, title: 'Another run that is still alive made this.' },
  run_settled: { status: 409, title: 'The run is settled and makes nothing more.' },
  grant_taken_over: { status: 412, title: 'The grant was taken over by another declaration.' },
  body_too_large: { status: 413, title: 'The request body is too large.' },
  unsupported_media_type: { status: 415, title: 'The content type is not supported.' },
  expectation_failed: { status: 417, title: 'The header Expect asks for what this service does not do.' },
  not_a_folder: { status: 422, title: 'The UID is not one of a shared folder.' },
  not_a_record: { status: 422, title: 'The UID is not one of a record.' },
  unsupported_by_vault: { status: 422, title: 'This vault cannot do that.' },
  idempotency_key_reused: { status: 422, title: 'The idempotency key belongs to another request.' },
  rate_limited: { status: 429, title: 'Too many requests.' },
  headers_too_large: { status: 431, title: 'The headers are too large.' },
  internal_error: { status: 500, title: 'The service failed.' },
  shutting_down: { status: 503, title: 'The service is stopping.' },
  vault_busy: { status: 503, title: 'The vault is busy with other commands.' },
  vault_changed: { status: 503, title: 'The vault behind the service is another one.' },
  vault_unavailable: { status: 503, title: 'The vault cannot be reached.' },
} as const satisfies Record<string, ProblemKind>;

export type ProblemCode = keyof typeof PROBLEMS;

/** Failures that a client finds by itself, without a problem from the service. */
export const CLIENT_FAILURES = {
  service_unreachable: 'The service cannot be reached.',
  service_untrusted: 'The certificate of the service is not trusted.',
  request_timeout: 'The service did not answer in time.',
  operation_timeout: 'The operation did not finish in time.',
  invalid_reply: 'The reply is not one of this API.',
  cancelled: 'The operation was cancelled.',
} as const;

export type ClientFailureCode = keyof typeof CLIENT_FAILURES;
export type ErrorCode = ProblemCode | ClientFailureCode;

/** One field of a request that is not acceptable. Never carries the value of a secret. */
export interface FieldError {
  /** JSON pointer into the body, or `query/<name>`, `params/<name>`, `headers/<name>`. */
  readonly field: string;
  /** What is wrong, the value received (shortened) and what is expected. */
  readonly message: string;
}

/** Something that stands in the way of a deletion. */
export interface Dependent {
  readonly kind: 'grant' | 'client_device' | 'gateway';
  readonly id: string;
  readonly name: string | null;
}

/** Facts beside the code, for diagnostics that name the cure. */
export interface ErrorFacts {
  readonly requestId?: string | undefined;
  readonly errors?: readonly FieldError[] | undefined;
  /** At most `DEPENDENTS_MAX_ITEMS` of them. */
  readonly dependents?: readonly Dependent[] | undefined;
  /** How many there are in all. */
  readonly dependentsTotal?: number | undefined;
  /** `*_exists`: the id to import. */
  readonly existingId?: string | undefined;
  readonly retryAfterSeconds?: number | undefined;
  /** Set where policy refused, for the audit event: why. Never sent to the caller. */
  readonly refusal?: string | undefined;
  /** Client failures: whether another attempt may succeed. */
  readonly transient?: boolean | undefined;
}

/** The one error class of the API's boundary: thrown by operations and vaults in the service, and by the client. */
export class KsmError extends Error {
  override readonly name = 'KsmError';

  /**
   * @param code what failed, from the registry
   * @param detail what failed here, the value received, the value expected, what to do next; never a secret
   */
  constructor(
    readonly code: ErrorCode,
    readonly detail: string,
    readonly facts: ErrorFacts = {},
    options?: ErrorOptions,
  ) {
    super(detail, options);
  }

  get title(): string {
    return this.code in PROBLEMS
      ? PROBLEMS[this.code as ProblemCode].title
      : CLIENT_FAILURES[this.code as ClientFailureCode];
  }

  /** HTTP status of the problem; 500 for a code that only clients raise. */
  get status(): number {
    return this.code in PROBLEMS ? PROBLEMS[this.code as ProblemCode].status : 500;
  }
}

export function isKsmError(error: unknown, ...codes: ErrorCode[]): error is KsmError {
  return error instanceof KsmError && (codes.length === 0 || codes.includes(error.code));
}

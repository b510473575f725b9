/** In the order of what they may do: each may do what those before it may. */
export const SCOPES = ['read', 'session', 'write', 'admin'] as const;
export type Scope = (typeof SCOPES)[number];

/** What narrows a principal; null: no limit of that kind. */
export interface Limits {
  /** Patterns of application names; `*` stands for any text. */
  readonly applications: readonly string[] | null;
  /** UIDs of the shared folders and records that it may see and grant. */
  readonly secrets: readonly string[] | null;
  /** Whether, limited to secrets, it may grant them editable. */
  readonly allowEdit: boolean;
}

/** Whom runs, adoption and audit events belong to: a name with one scope and one set of limits, maybe several tokens. */
export interface Principal {
  readonly id: string;
  readonly name: string;
  readonly scope: Scope;
  readonly limits: Limits;
}

/** Who asks, within which run, as which request. */
export interface Caller {
  readonly principal: Principal;
  /** When the token ends that was presented, in milliseconds since 1970; null: never. */
  readonly tokenExpiresAt: number | null;
  readonly requestId: string;
  /** The run of a provider process. Undefined: what is made never lapses. */
  readonly runId?: string | undefined;
  /** Set when the caller may repeat this very request. */
  readonly idempotency?: IdempotentRequest | undefined;
}

export interface IdempotentRequest {
  /** SECRET: the caller's `Idempotency-Key`. */
  readonly key: string;
  /** What the key is bound to: principal, method, path and body, in one unambiguous text. */
  readonly request: string;
}

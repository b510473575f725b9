import type { Generated, SqlBool } from 'kysely';

/** Times are milliseconds since 1970. */
export interface ServiceTables {
  principals: PrincipalRow;
  api_tokens: ApiTokenRow;
  runs: RunRow;
  run_items: RunItemRow;
  grant_generations: GrantGenerationRow;
  ended_applications: EndedApplicationRow;
  idempotency: IdempotencyRow;
  intents: IntentRow;
  audit_events: AuditEventRow;
}

/** Whom tokens, runs, adoption and notes belong to: a unique name, one scope, one set of limits. */
export interface PrincipalRow {
  id: string;
  name: string;
  scope: 'read' | 'session' | 'write' | 'admin';
  /** JSON array of name patterns; null: all applications. */
  applications: string | null;
  /** JSON array of UIDs; null: all secrets. */
  secrets: string | null;
  /** Whether a principal that is limited to secrets may grant them editable. */
  allow_edit: SqlBool;
  created_at: number;
}

export interface ApiTokenRow {
  id: string;
  principal_id: string;
  /** SHA-256 of the token's text, which is stored nowhere. */
  hash: Uint8Array;
  created_at: number;
  expires_at: number | null;
}

export interface RunRow {
  id: string;
  principal_id: string;
  state: 'active' | 'settled' | 'lapsed';
  created_at: number;
  /** End of the lease, in the time of operations/lease-clock.ts. */
  expires_at: number;
  /** JSON array of the first ids that settling revoked, so that settling again answers the same; and how many there were. */
  revoked: string | null;
  revoked_total: number | null;
  /** When it was settled or lapsed. */
  ended_at: number | null;
}

/** What a run made and nobody is known to hold for good: being redeemed, or read from a state later, deletes its row. */
export interface RunItemRow {
  /** Terraform's id: `<applicationId>`, `<applicationId>/<clientId>`, `<applicationId>/<secretUid>`. */
  item_id: string;
  run_id: string;
  kind: 'application' | 'grant' | 'client_device' | 'gateway';
  created_at: number;
  /**
   * open: its run told nothing of it; once that run is settled it is dead and waits for its removal ·
   * answered: the run said that Terraform has it · unsure: its run lapsed or was lost · unclaimed: settled and
   * held, but nobody has redeemed it and no later run has read it. What a run leaves open or answered when it ends
   * is sorted afterwards in portions: `operations/run-item.ts` says what it means until then.
   */
  state: 'open' | 'answered' | 'unsure' | 'unclaimed';
  /** Of a device or gateway. */
  initialization: 'token' | 'config' | null;
  ephemeral: SqlBool;
  /** When it ends by itself while it is unsure: the end of its token, or of an unused configuration. Null: never. */
  ends_at: number | null;
  /** Another principal has read it from a state: it counts once this run has lapsed. */
  read_elsewhere: SqlBool;
}

/** Which declaration of a grant is the last; the vault itself knows nothing of it. */
export interface GrantGenerationRow {
  /** `<applicationId>/<secretUid>`. */
  item_id: string;
  generation: string;
}

/** Deleted, and dead for everybody; what was in it is removed in portions, and it last. */
export interface EndedApplicationRow {
  application_id: string;
  /** Who deleted it, for the audit events that follow: JSON of principal (id and name), runId and requestId. */
  ended_by: string;
  ended_at: number;
}

/** A change that a vault over a network is asked for (operations/journal.ts). Its row goes when its outcome is noted. */
export interface IntentRow {
  operation_id: string;
  /** The application that it touches, or `name=<name>` of one that is to be made. */
  place: string;
  /** Which of operations/mutation.ts. */
  mutation: string;
  /** JSON of input, what was seen before, the step and who asked; under the master key: it has names of secrets. */
  body: Uint8Array;
  /** What the driver noted, likewise. */
  progress: Uint8Array | null;
  /** Of the idempotency key, as in its own table. */
  lookup: Uint8Array | null;
  request: Uint8Array | null;
  run_id: string | null;
  started_at: number;
  /** The process that works on it, and until when it says so; null: its outcome is to be read back. */
  owner: string | null;
  owner_until: number;
  /** Its outcome was read back and noted, as this item; only the reply to whoever asks again is open. */
  item_id: string | null;
}

/** Everything here is derived from the key, or encrypted with it; the key itself is stored nowhere. */
export interface IdempotencyRow {
  lookup: Uint8Array;
  /** Keyed hash of principal, method, path and body. */
  request: Uint8Array;
  replay: Uint8Array;
  run_id: string | null;
  expires_at: number;
}

export interface AuditEventRow {
  id: Generated<number>;
  at: number;
  action: string;
  outcome: 'done' | 'refused';
  actor: 'token' | 'device' | 'system';
  /** Name of the principal, or the client id of a device; null for the service itself. */
  principal: string | null;
  principal_id: string | null;
  target: string | null;
  /** Names of applications, devices, gateways and principals. */
  name: string | null;
  /** Names of folders and titles of records, under the master key. */
  sealed_name: Uint8Array | null;
  /** JSON objects of what changed. Never a name of a secret, never a secret. */
  before: string | null;
  after: string | null;
  reason: string | null;
  run_id: string | null;
  request_id: string | null;
}

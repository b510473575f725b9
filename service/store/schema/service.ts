import type { Generated } from 'kysely';

/** Times are milliseconds since 1970. */
export interface ServiceTables {
  api_tokens: ApiTokenRow;
  runs: RunRow;
  run_items: RunItemRow;
  idempotency: IdempotencyRow;
  audit_events: AuditEventRow;
}

export interface ApiTokenRow {
  id: string;
  name: string;
  scope: 'read' | 'write' | 'session';
  /** SHA-256 of the token's text, which is stored nowhere. */
  hash: Uint8Array;
  created_at: number;
  expires_at: number | null;
}

export interface RunRow {
  id: string;
  principal_id: string;
  state: 'active' | 'settled';
  created_at: number;
  expires_at: number;
  /** JSON array of the ids that settling revoked, so that settling again answers the same. */
  revoked: string | null;
}

/** What a run made and nobody is known to hold yet: holding an item deletes its row. */
export interface RunItemRow {
  /** Terraform's id: `<applicationId>`, `<applicationId>/<clientId>`, `<applicationId>/<secretUid>`. */
  item_id: string;
  run_id: string;
  kind: 'application' | 'grant' | 'client_device' | 'gateway';
  created_at: number;
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
  target: string | null;
  name: string | null;
  principal: string | null;
  run_id: string | null;
  request_id: string | null;
}

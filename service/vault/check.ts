/** How a driver tells what it found when its tables were checked, and what is in them. */

/** Something that does not hold. Never a secret, and no name of one. */
export interface Finding {
  readonly table: string;
  /** Of the row; null: of the table or file as a whole. */
  readonly id: string | null;
  readonly finding: string;
}

export interface Check {
  /** A row was looked at. */
  seen(table: string): void;
  found(table: string, id: string | null, finding: string): void;
}

/** By Terraform's ids and, for folders and records, by UID. */
export interface Items {
  readonly applications: ReadonlySet<string>;
  readonly grants: ReadonlySet<string>;
  readonly clients: ReadonlyMap<string, CheckedClient>;
  readonly folders: ReadonlySet<string>;
  readonly records: ReadonlySet<string>;
}

export interface CheckedClient {
  readonly kind: 'client_device' | 'gateway';
  /** It has redeemed a one-time token. */
  readonly redeemed: boolean;
}

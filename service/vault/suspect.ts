/**
 * What a vault over a network may have made when its reply was lost, and nobody can tell from what others made. It is
 * never removed while anybody could redeem it.
 */

export interface Suspect {
  /**
   * Terraform's id: `<applicationId>/<clientId or gatewayUid>`. Of a gateway that the vault lists nowhere
   * `<applicationId>/<operationId>`, by which nothing can be removed.
   */
  readonly id: string;
  readonly kind: 'client_device' | 'gateway';
  readonly name: string;
  /** When it was asked for, in milliseconds since 1970. */
  readonly createdAt: number;
  /** The latest that its unused token ends; null: it was used, or is a configuration, and does not end by itself. */
  readonly endsAt: number | null;
  /** Whether the vault lists it, so that it can be removed by its id. */
  readonly isListed: boolean;
}

/** With whose command it was. */
export interface NotedSuspect extends Suspect {
  readonly operationId: string;
  /** Name of the principal. */
  readonly principal: string;
  readonly runId: string | null;
}

export interface SuspectQuery {
  readonly applicationId?: string | undefined;
  readonly ids?: readonly string[] | undefined;
  /** Only ids that come after this one, in the order of their bytes. */
  readonly after?: string | undefined;
  readonly limit?: number | undefined;
}

/** Notes in the driver's own tables: the vault is not asked, so they may be part of a transaction. */
export interface SuspectNotes {
  /** One that is noted already is replaced. */
  put(suspects: readonly NotedSuspect[]): Promise<void>;
  /** In the order of their ids. */
  list(query: SuspectQuery): Promise<NotedSuspect[]>;
  /** Whose token has ended for certain by now. */
  due(limit: number): Promise<NotedSuspect[]>;
  /** It was used: it ends no more by itself. */
  keep(ids: readonly string[]): Promise<void>;
  forget(ids: readonly string[]): Promise<void>;
  count(): Promise<number>;
}

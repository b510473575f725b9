/** Within what the service asks a vault: what one needs that answers over a network. */

export interface Call {
  /** Of a change, its intent's; of anything else drawn for it alone. */
  readonly operationId: string;
  /** Run of the provider process that it is for: what one refresh has read serves all its resources. */
  readonly runId?: string | undefined;
  /** Ends waiting, and never what may have taken effect. */
  readonly signal: AbortSignal;
  /**
   * Until when whoever asks waits, by the service's monotonic clock; undefined: as long as it takes.
   * What has not begun by then is `vault_busy`.
   */
  readonly deadline?: number | undefined;
  /**
   * Of a change: keeps with its intent what only the driver understands, durable when it returns, so that `readBack`
   * finds it after a crash. It replaces what was kept before. Never a secret.
   */
  note(progress: object): Promise<void>;
}

/** What a driver that sends commands counts of them, for operators. */
export interface CommandCounts {
  /** By the words of the command. */
  readonly commands: ReadonlyMap<string, number>;
  /** Waiting and running. */
  readonly queued: () => number;
  /** What all commands have waited for their turn, in milliseconds. */
  readonly waitedMs: () => number;
}

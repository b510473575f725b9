/** Whether a change was done is not known: the reply was lost, or the vault ended while it did it. */
export class OutcomeUnknown extends Error {
  override readonly name = 'OutcomeUnknown';

  /** @param detail what failed, for the log and the problem; never a secret */
  constructor(
    readonly detail: string,
    options?: ErrorOptions,
  ) {
    super(detail, options);
  }
}

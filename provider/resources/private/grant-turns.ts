/**
 * What this process does to one grant, one after the other, and which
 * generation it has taken over. A replacement with `create_before_destroy` and
 * a renamed address create and delete the same grant at the same time: the
 * deletion has to know what the creation was answered.
 */
export class GrantTurns {
  private readonly last = new Map<string, Promise<unknown>>();
  /** By grant: the generation of its creation or adoption by this process; null: the service gave none. */
  private readonly taken = new Map<string, string | null>();

  /** Runs when everything before it on the same grant is done. */
  inTurn<T>(id: string, work: () => Promise<T>): Promise<T> {
    const turn = (this.last.get(id) ?? Promise.resolve()).then(work);
    this.last.set(
      id,
      turn.catch(() => undefined),
    );
    return turn;
  }

  tookOver(id: string, generation: string | null): void {
    this.taken.set(id, generation);
  }

  /** Whether this process has taken the grant over from the declaration with this generation. */
  hasTakenOverFrom(id: string, generation: string | null | undefined): boolean {
    const taken = this.taken.get(id);
    return taken !== undefined && (taken === null || taken !== generation);
  }
}

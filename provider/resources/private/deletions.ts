/** How long after a deletion in an application its own deletion may still meet what is just going. */
const SETTLES_WITHIN_MS = 5_000;

/**
 * The deletions that this process does, by application. A configuration may
 * name an application by its UID as text; Terraform then knows no order, and
 * deletes the application while its devices are being deleted.
 */
export class Deletions {
  private readonly running = new Map<string, number>();
  private readonly endedAt = new Map<string, number>();

  /** @param now milliseconds of a clock that never goes back */
  constructor(private readonly now: () => number) {}

  async during<T>(applicationId: string, work: () => Promise<T>): Promise<T> {
    this.running.set(applicationId, (this.running.get(applicationId) ?? 0) + 1);
    try {
      return await work();
    } finally {
      this.running.set(applicationId, this.running.get(applicationId)! - 1);
      this.endedAt.set(applicationId, this.now());
    }
  }

  /** Whether one runs in the application, or ended a moment ago. */
  areUnderWay(applicationId: string): boolean {
    if ((this.running.get(applicationId) ?? 0) > 0) return true;
    return this.now() - (this.endedAt.get(applicationId) ?? Number.NEGATIVE_INFINITY) < SETTLES_WITHIN_MS;
  }
}

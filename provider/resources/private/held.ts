/** Terraform saves the state at most every 20 s, and only when a further item arrives; the rest is slack. */
const FOLLOWED_AFTER_MS = 21_000;
/** How long the saving itself may take. */
const SAVED_AFTER_MS = 5_000;

interface Waiting {
  readonly id: string;
  readonly at: number;
}

/**
 * What Terraform has of this provider process: the ids it read or was given.
 * An id that was read is in the state already. One that was applied is there
 * for sure only later: a remote backend saves when a further item arrives at
 * least 20 s after the last save (trap 20c).
 */
export class Held {
  /** Everything that Terraform was given and that still exists. */
  private readonly given = new Set<string>();
  private readonly saved = new Set<string>();
  /** Applied, and no item has come long enough after it; oldest first. */
  private waiting: Waiting[] = [];
  /** Applied, and such an item came at that time; oldest first. */
  private followed: Waiting[] = [];

  /** @param now milliseconds of a clock that never goes back */
  constructor(private readonly now: () => number) {}

  read(id: string): void {
    this.given.add(id);
    this.saved.add(id);
  }

  applied(id: string): void {
    this.itemArrived();
    this.given.add(id);
    this.waiting.push({ id, at: this.now() });
  }

  deleted(id: string): void {
    this.itemArrived();
    this.missing(id);
  }

  missing(id: string): void {
    this.given.delete(id);
    this.saved.delete(id);
    // A grant that is made again has the same id, and is not saved because the earlier one was.
    const another = (item: Waiting) => item.id !== id;
    this.waiting = this.waiting.filter(another);
    this.followed = this.followed.filter(another);
  }

  /** What is in Terraform's state by now, whatever happens to Terraform: for a renewal. */
  surelySaved(): string[] {
    const now = this.now();
    while (this.followed[0] && this.followed[0].at <= now - SAVED_AFTER_MS) {
      this.saved.add(this.followed.shift()!.id);
    }
    return [...this.saved];
  }

  /** Everything that was given to Terraform, which saves it before it ends: for the settlement. */
  all(): string[] {
    return [...this.given];
  }

  private itemArrived(): void {
    const now = this.now();
    while (this.waiting[0] && this.waiting[0].at <= now - FOLLOWED_AFTER_MS) {
      this.followed.push({ id: this.waiting.shift()!.id, at: now });
    }
  }
}

import type { KsmClient } from '../../../contract/client';
import { isKsmError } from '../../../contract/errors';
import {
  HELD_MAX_ITEMS,
  IN_FLIGHT_TIMEOUT_MS,
  NOTE_TIMEOUT_MS,
  RUN_RENEW_SECONDS,
  SETTLE_TIMEOUT_MS,
} from '../../../contract/limits';
import type { Log, SessionEnding } from '../../framework';

/** Ids that a refresh finds go in one request when it has found no other for so long. */
const GATHER_MS = 200;
/** A refresh of thousands finds one after the other: at the latest they are told after so long. */
const GATHER_AT_MOST_MS = 3_000;

/**
 * The run lease of one provider process (DESIGN, crash safety 2 and 3): keeps
 * the run alive while it makes things, tells the service what stood in a state,
 * and at the end what Terraform was answered, so that the rest is revoked.
 * Costs nothing for a process that makes nothing and finds nothing to tell.
 */
export class Run {
  /** What Terraform was answered in this process and is still there. */
  private readonly answered = new Set<string>();
  /** Read from a state, and not told to the service as yet. */
  private readonly toTell = new Set<string>();
  private renewal: NodeJS.Timeout | undefined;
  private quiet: NodeJS.Timeout | undefined;
  private gathering: NodeJS.Timeout | undefined;
  private telling: Promise<void> = Promise.resolve();

  constructor(
    private readonly client: Pick<KsmClient, 'renewRun' | 'settleRun'>,
    private readonly log: Log,
  ) {}

  /** A state holds it, which the service does not know. */
  stoodInState(id: string): void {
    this.toTell.add(id);
    clearTimeout(this.quiet);
    this.quiet = setTimeout(() => this.tell(), GATHER_MS).unref();
    this.gathering ??= setTimeout(() => this.tell(), GATHER_AT_MOST_MS).unref();
  }

  wasApplied(id: string): void {
    this.answered.add(id);
  }

  wasDeleted(id: string): void {
    this.answered.delete(id);
    this.toTell.delete(id);
  }

  /** Something is about to be made: from now on the service may have what must be settled. */
  begin(): void {
    this.renewal ??= setInterval(() => void this.tell(), RUN_RENEW_SECONDS * 1000).unref();
  }

  /** Never rejects: a run that cannot be settled lapses by itself, and what it made becomes unsure. */
  async end({ inFlight, lost }: SessionEnding): Promise<void> {
    if (!this.renewal) {
      if (this.toTell.size > 0) this.tell();
      await within(NOTE_TIMEOUT_MS, this.telling);
      return;
    }
    await inFlight.idle(IN_FLIGHT_TIMEOUT_MS);
    clearInterval(this.renewal);
    this.stopGathering();
    await within(SETTLE_TIMEOUT_MS, this.settle(lost));
  }

  private settle(lost: boolean): Promise<void> {
    const held = [...this.answered, ...this.toTell];
    const [last = [], ...rest] = portionsOf(held);
    return this.attempt('settle', async () => {
      await this.telling;
      for (const portion of rest) await this.client.renewRun(portion);
      const { revokedTotal } = await this.client.settleRun(last, { lost });
      if (revokedTotal > 0) this.log.warn('revoked what Terraform did not take over', { items: revokedTotal });
    });
  }

  /** Renews the lease, with what there is to tell. */
  private tell(): void {
    this.stopGathering();
    const ids = [...this.toTell];
    this.telling = this.telling.then(() =>
      this.attempt('renew', async () => {
        const [first = [], ...rest] = portionsOf(ids);
        for (const portion of [first, ...rest]) {
          await this.client.renewRun(portion);
          for (const id of portion) this.toTell.delete(id);
        }
      }),
    );
  }

  private stopGathering(): void {
    clearTimeout(this.quiet);
    clearTimeout(this.gathering);
    this.gathering = undefined;
  }

  private async attempt(action: 'renew' | 'settle', call: () => Promise<void>): Promise<void> {
    try {
      await call();
    } catch (error) {
      const code = isKsmError(error) ? error.code : 'unexpected';
      this.log.warn(`could not ${action} the run; what it made becomes unsure: see ksm-iac orphans list`, { code });
    }
  }
}

function portionsOf(ids: readonly string[]): string[][] {
  const portions: string[][] = [];
  for (let start = 0; start < ids.length; start += HELD_MAX_ITEMS) {
    portions.push(ids.slice(start, start + HELD_MAX_ITEMS));
  }
  return portions;
}

async function within(milliseconds: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  await Promise.race([work, limit]);
  clearTimeout(timer);
}

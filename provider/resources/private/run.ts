import type { KsmClient } from '../../../contract/client';
import { isKsmError } from '../../../contract/errors';
import { RUN_RENEW_SECONDS, SETTLE_TIMEOUT_MS } from '../../../contract/limits';
import type { Log } from '../../framework';
import type { Held } from './held';

/** A client id makes an id of 109 characters: so many stay well under BODY_LIMIT_BYTES. */
const HELD_PER_REQUEST = 5_000;

/**
 * The run lease of one provider process (DESIGN, crash safety 2): tells the
 * service what Terraform holds, so that what a crashed run made and nobody
 * holds can be revoked. Costs nothing until something is read or made.
 */
export class Run {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly client: Pick<KsmClient, 'renewRun' | 'settleRun'>,
    private readonly held: Held,
    private readonly log: Log,
  ) {}

  wasRead(id: string): void {
    this.held.read(id);
    this.begin();
  }

  wasMissing(id: string): void {
    this.held.missing(id);
  }

  wasApplied(id: string): void {
    this.held.applied(id);
    this.begin();
  }

  wasDeleted(id: string): void {
    this.held.deleted(id);
  }

  /** A creation is about to be asked for: from now on the service may have something that nobody holds. */
  begin(): void {
    if (this.timer) return;
    this.timer = setInterval(() => void this.renew(), RUN_RENEW_SECONDS * 1000);
    this.timer.unref();
  }

  /**
   * Ends the run, within SETTLE_TIMEOUT_MS. Never rejects: what cannot be settled lapses by itself.
   *
   * @param lost nobody knows what Terraform saved of what it was given
   */
  async settle(lost = false): Promise<void> {
    if (!this.timer) return;
    clearInterval(this.timer);
    const [last = [], ...rest] = portionsOf(this.held.all());
    const settled = this.attempt('settle', async () => {
      for (const portion of rest) await this.client.renewRun(portion);
      const { revoked } = await this.client.settleRun(last, { lost });
      if (revoked.length > 0) this.log.warn('revoked what Terraform did not take over', { items: revoked.length });
    });
    await Promise.race([settled, pause(SETTLE_TIMEOUT_MS)]);
  }

  private renew(): Promise<void> {
    const [first = [], ...rest] = portionsOf(this.held.surelySaved());
    return this.attempt('renew', async () => {
      for (const portion of [first, ...rest]) await this.client.renewRun(portion);
    });
  }

  private async attempt(action: 'renew' | 'settle', call: () => Promise<void>): Promise<void> {
    try {
      await call();
    } catch (error) {
      const code = isKsmError(error) ? error.code : 'unexpected';
      this.log.warn(`could not ${action} the run; what it made and Terraform does not hold lapses by itself`, { code });
    }
  }
}

function portionsOf(ids: readonly string[]): string[][] {
  const portions: string[][] = [];
  for (let start = 0; start < ids.length; start += HELD_PER_REQUEST) {
    portions.push(ids.slice(start, start + HELD_PER_REQUEST));
  }
  return portions;
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds).unref();
  });
}

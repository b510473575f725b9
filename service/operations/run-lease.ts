import { KsmError } from '../../contract/errors';
import { ACTIVE_RUNS_MAX, RUN_LEASE_SECONDS } from '../../contract/limits';
import type { Database } from '../store/database';
import type { RunRow } from '../store/schema/service';
import type { Clock } from '../world/clock';
import type { Caller } from './caller';
import { runSettled } from './change/outcome';
import { createLeaseClock } from './lease-clock';

const LEASE_MS = RUN_LEASE_SECONDS * 1000;
/** A request renews the lease only once it is this old: a burst of a thousand changes writes it once. */
const STALE_AFTER_MS = 10_000;
/** How soon a principal with too many runs may ask again: within a lease, those of dead processes lapse. */
const TOO_MANY_RETRY_SECONDS = 20;

/** The runs of provider processes and how long they live. Ends are in the time of `lease-clock.ts`. */
export interface RunLeases {
  now(): number;
  toWall(leaseEnd: number): number;
  /** @throws KsmError `forbidden` for another principal's run */
  find(caller: Caller, runId: string): Promise<RunRow | undefined>;
  /** The run, made if there is none. @throws KsmError `forbidden`, `rate_limited` */
  ensure(caller: Caller, runId: string): Promise<RunRow>;
  /** Writes nothing. @throws KsmError as `touch` */
  requireOpen(caller: Caller): Promise<void>;
  /** @returns the new end */
  renew(runId: string): Promise<number>;
  /**
   * For each change, in its transaction: makes the caller's run at the first, keeps its lease fresh at the others.
   *
   * @throws KsmError `forbidden` for another principal's run; `run_settled` in one that was settled or has lapsed
   */
  touch(caller: Caller): Promise<void>;
}

export function createRunLeases({ database, clock }: { database: Database; clock: Clock }): RunLeases {
  const { now, toWall } = createLeaseClock(clock);

  async function find({ principal }: Caller, runId: string): Promise<RunRow | undefined> {
    const run = await database.db.selectFrom('runs').selectAll().where('id', '=', runId).executeTakeFirst();
    if (run && run.principal_id !== principal.id) {
      const refusal = `The run ${runId} belongs to another principal than "${principal.name}".`;
      throw new KsmError('forbidden', `${refusal} A provider draws its own run: never pass one on.`, {
        refusal: 'the run belongs to another principal',
      });
    }
    return run;
  }

  /** Also what ended within the last lease counts: a loop of settles must not fill the disk either. */
  async function refuseTooMany({ principal }: Caller): Promise<void> {
    const { count } = await database.db
      .selectFrom('runs')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .where('state', 'in', ['active', 'settled', 'lapsed'])
      .where('expires_at', '>', now())
      .where('principal_id', '=', principal.id)
      .executeTakeFirstOrThrow();
    if (Number(count) >= ACTIVE_RUNS_MAX) {
      throw new KsmError(
        'rate_limited',
        `The principal "${principal.name}" has ${count} runs of the last ${RUN_LEASE_SECONDS} seconds, and ${ACTIVE_RUNS_MAX} is the most. A run belongs to one process of the provider: let clients of your own keep theirs, or settle what they no longer need.`,
        { retryAfterSeconds: TOO_MANY_RETRY_SECONDS },
      );
    }
  }

  async function ensure(caller: Caller, runId: string): Promise<RunRow> {
    const known = await find(caller, runId);
    if (known) return known;
    await refuseTooMany(caller);
    const run: RunRow = {
      id: runId,
      principal_id: caller.principal.id,
      state: 'active',
      created_at: clock.now(),
      expires_at: now() + LEASE_MS,
      revoked: null,
      revoked_total: null,
      ended_at: null,
    };
    await database.db.insertInto('runs').values(run).execute();
    return run;
  }

  async function renew(runId: string): Promise<number> {
    const expires_at = now() + LEASE_MS;
    await database.db.updateTable('runs').set({ expires_at }).where('id', '=', runId).execute();
    return expires_at;
  }

  function refuseOver({ id, state }: Pick<RunRow, 'id' | 'state'>): void {
    if (state !== 'active') throw runSettled({ id, state });
  }

  return {
    now,
    toWall,
    find,
    ensure: (caller, runId) => database.transaction(() => ensure(caller, runId)),
    renew,
    async requireOpen(caller) {
      const run = caller.runId === undefined ? undefined : await find(caller, caller.runId);
      if (run) refuseOver(run);
    },
    async touch(caller) {
      const { runId } = caller;
      if (runId === undefined) return;
      const run = await ensure(caller, runId);
      refuseOver(run);
      const { expires_at } = run;
      if (expires_at < now() + LEASE_MS - STALE_AFTER_MS) await renew(runId);
    },
  };
}

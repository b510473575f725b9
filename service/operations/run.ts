import { RUN_LEASE_SECONDS } from '../../contract/limits';
import type { Page, Run, RunSettled, RunSummary } from '../../contract/types';
import type { Database } from '../store/database';
import type { RunRow } from '../store/schema/service';
import type { PageRequest } from '../vault/vault';
import type { Caller } from './caller';
import type { Holding } from './holding';
import { isUnlimited } from './policy';
import type { RunLeases } from './run-lease';
import type { SettleInput } from './settlement';
import { keysetOf, pageAfter } from './text-page';
import type { Units } from './unit';

export interface RunParts {
  readonly units: Units;
  readonly database: Database;
  readonly leases: RunLeases;
  readonly holding: Holding;
  readonly settle: (caller: Caller, id: string, input: SettleInput) => Promise<RunSettled>;
}

/** Runs of provider processes (DESIGN, crash safety 2 and 3). Every scope may renew and settle its own. */
export function runOperations({ units, database, leases, holding, settle }: RunParts) {
  const replyOf = ({ id, state, expires_at }: RunRow): Run => ({
    id,
    state,
    leaseSeconds: RUN_LEASE_SECONDS,
    expiresAt: new Date(leases.toWall(expires_at)).toISOString(),
  });

  return {
    /**
     * Renews the lease, makes the run if there is none, and notes what Terraform is known to hold. One that is over
     * stays so, and the reply says it.
     *
     * @throws KsmError `forbidden`, `rate_limited`
     */
    renew: (caller: Caller, id: string, held: readonly string[]): Promise<Run> =>
      units.portions(caller, { action: 'run.hold' }, async () => {
        const run = await database.transaction(async () => {
          const known = await leases.ensure(caller, id);
          return known.state === 'active' ? { ...known, expires_at: await leases.renew(id) } : known;
        });
        await holding.note(caller, run, held, run.state === 'active');
        return replyOf(run);
      }),

    /**
     * Ends the run: what it made and nobody holds is revoked, its replay copies are dropped, and it makes nothing
     * more. Settling again answers the same. One that nobody has named is noted too: a creation of it may be on its way.
     *
     * @throws KsmError `forbidden`, `rate_limited`
     */
    settle: (caller: Caller, id: string, input: SettleInput): Promise<RunSettled> =>
      units.portions(caller, { action: 'run.settle' }, () => settle(caller, id, input)),

    /** Newest first. A principal with limits sees its own. */
    list: (caller: Caller, request: PageRequest & { state?: RunRow['state'] | undefined }): Promise<Page<RunSummary>> =>
      units.read(caller, { action: 'run.list' }, async () => {
        const { principal } = caller;
        const after = keysetOf(request);
        const rows = await database.db
          .selectFrom('runs')
          .leftJoin('principals', 'principals.id', 'runs.principal_id')
          .select(['runs.id', 'state', 'runs.created_at', 'expires_at', 'ended_at', 'principals.name as principal'])
          .select(({ selectFrom }) =>
            selectFrom('run_items')
              .select(({ fn }) => fn.countAll<number>().as('count'))
              .whereRef('run_items.run_id', '=', 'runs.id')
              .as('items'),
          )
          .$if(request.state !== undefined, (query) => query.where('state', '=', request.state!))
          .$if(!isUnlimited(principal.limits), (query) => query.where('principal_id', '=', principal.id))
          .$if(after !== undefined, (query) =>
            query.where(({ or, and, eb }) => {
              const [at, id] = [Number(after![0]), after![1]!];
              return or([
                eb('runs.created_at', '<', at),
                and([eb('runs.created_at', '=', at), eb('runs.id', '>', id)]),
              ]);
            }),
          )
          .orderBy('runs.created_at', 'desc')
          .orderBy('runs.id')
          .limit(request.limit + 1)
          .execute();
        return pageAfter(
          rows,
          request,
          ({ id, state, principal, created_at, expires_at, ended_at, items }) => ({
            id,
            state,
            principal,
            createdAt: new Date(created_at).toISOString(),
            expiresAt: new Date(
              state === 'active' ? leases.toWall(expires_at) : (ended_at ?? expires_at),
            ).toISOString(),
            items: Number(items ?? 0),
          }),
          ({ created_at, id }) => [String(created_at), id],
        );
      }),
  };
}

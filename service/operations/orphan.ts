import type { Selectable, SelectQueryBuilder } from 'kysely';
import { isKsmError } from '../../contract/errors';
import { REVOKED_MAX_ITEMS } from '../../contract/limits';
import type { Orphan, OrphanRevoke, OrphansRevoked, Page } from '../../contract/types';
import type { Database } from '../store/database';
import { ROWS_A_PORTION } from '../store/portions';
import type { Schema } from '../store/schema/schema';
import type { RunItemRow } from '../store/schema/service';
import type { NotedSuspect } from '../vault/suspect';
import { optionalTimestamp, timestamp } from '../vault/timestamp';
import type { PageRequest } from '../vault/vault';
import { turn } from '../world/timers';
import type { Caller } from './caller';
import type { LivingVault } from './living-vault';
import { mayNameApplication } from './policy';
import { ITEMS_A_PORTION } from './reaper';
import type { Cause, Removal } from './removal';
import { applicationOf, isIn, isUnclaimed, isUnsure } from './run-item';
import type { Suspects } from './suspect';
import { keysetOf, pageAfter } from './text-page';
import type { Units } from './unit';
import type { Uses } from './use';
import type { Whole } from './whole';

export interface OrphanParts {
  readonly units: Units;
  readonly database: Database;
  readonly removal: Removal;
  readonly suspects: Suspects;
  readonly uses: Uses;
  readonly whole: Whole;
}

export interface OrphanFilter {
  readonly applicationId?: string | undefined;
  readonly state?: Orphan['state'] | undefined;
}

/** What runs left behind: the unsure, the unclaimed and the suspected (contract/schemas/orphan.ts). */
export function orphanOperations({ units, database, removal, suspects, uses, whole }: OrphanParts) {
  const rows = (
    candidates: SelectQueryBuilder<Schema, 'run_items', Selectable<RunItemRow>>,
    state: RunItemState | undefined,
  ) =>
    database.db
      .selectFrom(candidates.as('run_items'))
      .innerJoin('runs', 'runs.id', 'run_items.run_id')
      .leftJoin('principals', 'principals.id', 'runs.principal_id')
      .select(['item_id', 'run_items.kind', 'run_id', 'run_items.created_at', 'run_items.ends_at'])
      .select(['run_items.state', 'runs.state as run_state', 'principals.name as principal'])
      .where('kind', '!=', 'grant')
      .where((eb) => {
        const conditions = { unsure: isUnsure, unclaimed: isUnclaimed };
        const wanted = state === undefined ? ([isUnsure, isUnclaimed] as const) : [conditions[state]];
        return eb.or(wanted.map((condition) => condition(eb as never)));
      })
      .orderBy('item_id');
  type Row = Awaited<ReturnType<ReturnType<typeof rows>['execute']>>[number];

  /**
   * In the order of their ids (what is in an application follows it), in portions of what there is in that order: asked
   * for all that fulfil the conditions, the engine would sort them anew for each portion.
   */
  async function* portionsOf(
    { applicationId, state }: OrphanFilter & { readonly state?: RunItemState | undefined },
    start = '',
  ): AsyncGenerator<Row[]> {
    for (let after = start; ; ) {
      const candidates = database.db
        .selectFrom('run_items')
        .selectAll()
        .$if(applicationId !== undefined, (query) => query.where(isIn(applicationId!) as never))
        .where('item_id', '>', after)
        .orderBy('item_id')
        .limit(ROWS_A_PORTION);
      const last = await database.db
        .selectFrom(candidates.as('candidates'))
        .select(({ fn }) => [fn.max('item_id').as('id'), fn.countAll<number>().as('count')])
        .executeTakeFirstOrThrow();
      const portion = await rows(candidates, state).execute();
      if (portion.length > 0) yield portion;
      if (Number(last.count) < ROWS_A_PORTION) return;
      after = last.id;
      await turn();
    }
  }

  async function* suspectsOf({ applicationId }: OrphanFilter, start = ''): AsyncGenerator<NotedSuspect> {
    for (let after = start; ; ) {
      const portion = await suspects.list({ applicationId, after, limit: ROWS_A_PORTION });
      yield* portion;
      if (portion.length < ROWS_A_PORTION) return;
      after = portion.at(-1)!.id;
      await turn();
    }
  }

  /** Of both kinds, in the order of their ids. */
  async function* found(filter: OrphanFilter, start?: string): AsyncGenerator<Row | NotedSuspect> {
    const { state } = filter;
    const others = state === undefined || state === 'suspected' ? suspectsOf(filter, start) : undefined;
    let other = await others?.next();
    if (state !== 'suspected') {
      for await (const portion of portionsOf({ ...filter, state }, start)) {
        for (const row of portion) {
          for (; other && !other.done && other.value.id < row.item_id; other = await others!.next()) yield other.value;
          yield row;
        }
      }
    }
    for (; other && !other.done; other = await others!.next()) yield other.value;
  }

  const suspectedOrphan = (suspect: NotedSuspect, applicationName: string): Orphan => ({
    id: suspect.id,
    kind: suspect.kind,
    state: 'suspected',
    name: suspect.name,
    applicationId: applicationOf(suspect.id),
    applicationName,
    principal: suspect.principal,
    runId: suspect.runId,
    createdAt: timestamp(suspect.createdAt),
    endsAt: optionalTimestamp(suspect.endsAt),
  });

  const orphanOf = async (vault: LivingVault, row: Row, applicationName: string): Promise<Orphan | undefined> => {
    const applicationId = applicationOf(row.item_id);
    const kind = row.kind as Orphan['kind'];
    const name = kind === 'application' ? applicationName : await nameOfClient(vault, kind, row.item_id);
    if (name === undefined || (await uses.isUsed(row))) return undefined;
    return {
      id: row.item_id,
      kind,
      state: row.state === 'unsure' || row.run_state === 'lapsed' ? 'unsure' : 'unclaimed',
      name,
      applicationId,
      applicationName,
      principal: row.principal,
      runId: row.run_id,
      createdAt: new Date(row.created_at).toISOString(),
      endsAt: row.state === 'unsure' && row.ends_at !== null ? new Date(row.ends_at).toISOString() : null,
    };
  };

  const nameOfClient = (vault: LivingVault, kind: 'client_device' | 'gateway', id: string) => {
    const [applicationId = '', clientId = ''] = id.split('/');
    return nameIfAny((kind === 'gateway' ? vault.gateways : vault.devices).get(applicationId, clientId));
  };

  async function revokePortion(items: readonly Row[], cause: Cause): Promise<ReadonlySet<string>> {
    return whole(async () => {
      // Redeemed or read in the meantime: somebody has it.
      const still = await database.db
        .selectFrom('run_items')
        .select(['item_id', 'kind'])
        .where(
          'item_id',
          'in',
          items.map(({ item_id }) => item_id),
        )
        .execute();
      const { unused, open } = await uses.sort(still as Pick<RunItemRow, 'item_id' | 'kind'>[]);
      const going = [...unused, ...open];
      const gone = items.filter(({ item_id }) => !going.some((row) => row.item_id === item_id));
      const stay = await removal.remove(going, cause);
      return new Set([...stay, ...gone.map(({ item_id }) => item_id)]);
    });
  }

  return {
    list: (caller: Caller, request: PageRequest & OrphanFilter): Promise<Page<Orphan>> =>
      units.read(caller, { action: 'orphan.list' }, async (vault) => {
        const orphans: Orphan[] = [];
        const names = new Map<string, string | undefined>();
        let looked = 0;
        for await (const one of found(request, keysetOf(request)?.[0])) {
          const applicationId = applicationOf('item_id' in one ? one.item_id : one.id);
          if (!names.has(applicationId)) {
            names.set(applicationId, await nameIfAny(vault.applications.get(applicationId)));
          }
          const name = names.get(applicationId);
          const seen = name !== undefined && mayNameApplication(caller.principal, name);
          const orphan = seen && ('item_id' in one ? await orphanOf(vault, one, name) : suspectedOrphan(one, name));
          if (orphan) orphans.push(orphan);
          if (orphans.length > request.limit) break;
          if (looked++ % NAMES_A_TURN === 0) await turn();
        }
        return pageAfter(
          orphans,
          request,
          (orphan) => orphan,
          ({ id }) => [id],
        );
      }),

    /** Ends the unsure, all or by their ids; the others by their ids alone. Portions: there may be thousands. */
    revoke: (caller: Caller, { ids, applicationId }: OrphanRevoke): Promise<OrphansRevoked> =>
      units.portions(caller, { action: 'orphan.revoke' }, async () => {
        const cause: Cause = { actor: { kind: 'token', caller }, verb: 'revoke', reason: 'orphans were revoked' };
        const kept = new Map<string, string>();
        const revoked: string[] = [];
        let revokedTotal = 0;
        const met = new Set<string>();

        async function revokeSome(items: readonly Row[]): Promise<void> {
          for (let start = 0; start < items.length; start += ITEMS_A_PORTION) {
            const portion = items.slice(start, start + ITEMS_A_PORTION);
            const stay = await revokePortion(portion, cause);
            for (const { item_id: id } of portion) {
              met.add(id);
              if (stay.has(id)) {
                kept.set(id, id.includes('/') ? NO_ORPHAN : NOT_EMPTY);
                continue;
              }
              revokedTotal++;
              if (revoked.length < REVOKED_MAX_ITEMS) revoked.push(id);
            }
            await turn();
          }
        }

        const named = ids && database.db.selectFrom('run_items').selectAll().where('item_id', 'in', ids);
        const portions = named
          ? [await rows(named, undefined).execute()]
          : portionsOf({ applicationId, state: 'unsure' });
        const applications: Row[] = [];
        for await (const portion of portions) {
          await revokeSome(portion.filter(({ kind }) => kind !== 'application'));
          applications.push(...portion.filter(({ kind }) => kind === 'application'));
        }
        // An application is looked at when what was in it is gone.
        await revokeSome(applications);
        const noted = await suspects.list({ ids: ids?.filter((id) => !met.has(id)) ?? [] });
        const unlisted = await suspects.revoke(noted, cause);
        for (const { id } of noted) {
          met.add(id);
          if (unlisted.has(id)) kept.set(id, UNLISTED);
          else {
            revokedTotal++;
            revoked.push(id);
          }
        }
        for (const id of ids ?? []) {
          if (!met.has(id)) kept.set(id, NO_ORPHAN);
        }
        return {
          revoked,
          revokedTotal,
          kept: [...kept].slice(0, REVOKED_MAX_ITEMS).map(([id, reason]) => ({ id, reason })),
        };
      }),
  };
}

type RunItemState = Exclude<Orphan['state'], 'suspected'>;

/** Each orphan's name is a look at the vault. */
const NAMES_A_TURN = 50;

const NO_ORPHAN = 'It is no orphan: it is gone, its run is still alive, or somebody has it.';
const UNLISTED =
  'Keeper lists no such gateway, so it cannot be removed by its id. It ends with its token, or goes with its application.';
const NOT_EMPTY =
  'There is something in it that is no orphan. Whoever made it may adopt it by its name, or it is deleted by its id.';

async function nameIfAny(lookup: Promise<{ name: string }>): Promise<string | undefined> {
  try {
    return (await lookup).name;
  } catch (error) {
    if (isKsmError(error, 'application_not_found', 'device_not_found', 'gateway_not_found')) return undefined;
    throw error;
  }
}

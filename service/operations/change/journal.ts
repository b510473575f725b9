/**
 * The intents: what a vault over a network was about to be asked, durable before
 * it is. A row goes in the transaction that notes the outcome, so one that is
 * found without a living process says: whether this was done is not known.
 */

import { timingSafeEqual } from 'node:crypto';
import type { Selectable } from 'kysely';
import { REPLAY_KEEP_MINUTES } from '../../../contract/limits';
import type { Database } from '../../store/database';
import type { MasterKey } from '../../store/master-key';
import type { IntentRow } from '../../store/schema/service';
import type { Intent, Step } from '../../vault/step';
import type { Clock } from '../../world/clock';
import { randomId } from '../../world/random-id';
import type { Caller } from '../caller';
import { inProgress, keyReused, type Stamp, stampOf } from '../idempotency';
import type { ChangeCaller } from './mutation';

/** A process that works on an intent says so again within this time; after it, another may take it up. */
const OWNED_MS = 30_000;

export interface NewIntent {
  readonly operationId: string;
  readonly place: string;
  readonly mutation: string;
  readonly caller: Caller;
  readonly input: unknown;
  readonly seen: unknown;
  readonly step: Step;
}

/** One whose outcome nobody has noted, or (`itemId`) whose caller has not been answered. */
export interface OpenIntent {
  readonly intent: Intent;
  readonly place: string;
  readonly mutation: string;
  readonly caller: ChangeCaller;
  readonly input: unknown;
  readonly seen: unknown;
  readonly stamp: Stamp | undefined;
  readonly itemId: string | null;
}

interface Body {
  readonly caller: ChangeCaller;
  readonly input: unknown;
  readonly seen: unknown;
  readonly step: Step;
}

export type Journal = ReturnType<typeof createJournal>;

export function createJournal(options: {
  database: Database;
  clock: Clock;
  masterKey: Pick<MasterKey, 'seal' | 'unseal'>;
}) {
  const { database, clock, masterKey } = options;
  /** This process, to others before the same database. */
  const owner = randomId();
  const sealed = (column: 'body' | 'progress', id: string, value: unknown) =>
    masterKey.seal(Buffer.from(JSON.stringify(value ?? null)), { table: 'intents', column, id });
  const opened = <T>(column: 'body' | 'progress', id: string, bytes: Uint8Array) =>
    JSON.parse(masterKey.unseal(bytes, { table: 'intents', column, id }).toString()) as T;

  function open(row: Selectable<IntentRow>): OpenIntent {
    const id = row.operation_id;
    const { step, ...body } = opened<Body>('body', id, row.body);
    return {
      ...body,
      intent: {
        operationId: id,
        step,
        progress: row.progress ? opened<object>('progress', id, row.progress) : undefined,
        startedAt: row.started_at,
      },
      place: row.place,
      mutation: row.mutation,
      stamp: row.lookup && row.request ? { lookup: row.lookup, request: row.request } : undefined,
      itemId: row.item_id,
    };
  }

  const set = (operationId: string, values: Partial<IntentRow>) =>
    database.db.updateTable('intents').set(values).where('operation_id', '=', operationId).execute();

  return {
    async begin({ operationId, place, mutation, caller, input, seen, step }: NewIntent): Promise<void> {
      const { principal, runId, requestId } = caller;
      const body: Body = { caller: { principal, runId, requestId }, input, seen, step };
      const stamp = stampOf(caller);
      const row: IntentRow = {
        operation_id: operationId,
        place,
        mutation,
        body: sealed('body', operationId, body),
        progress: null,
        lookup: stamp?.lookup ?? null,
        request: stamp?.request ?? null,
        run_id: runId ?? null,
        started_at: clock.now(),
        owner,
        owner_until: clock.now() + OWNED_MS,
        item_id: null,
      };
      await database.db.insertInto('intents').values(row).execute();
    },

    async note(operationId: string, progress: object): Promise<void> {
      await set(operationId, { progress: sealed('progress', operationId, progress) });
    },

    /** At a start: the lock of the data folder says that no other process works on this database. */
    async takeOver(): Promise<void> {
      await database.db.updateTable('intents').set({ owner: null }).where('owner', 'is not', null).execute();
    },

    /** This process knows no more of it: its outcome is to be read back. */
    async release(operationId: string): Promise<void> {
      await set(operationId, { owner: null });
    },

    async end(operationId: string): Promise<void> {
      await database.db.deleteFrom('intents').where('operation_id', '=', operationId).execute();
    },

    /** Its outcome was noted; whoever asks again with its key is to be answered from the vault. */
    async noted(operationId: string, itemId: string): Promise<void> {
      await set(operationId, { owner: null, item_id: itemId });
    },

    /**
     * Those at a place whose outcome is not noted, in their order.
     *
     * @throws KsmError `operation_in_progress` while another process works on one
     */
    async unsettledAt(place: string): Promise<OpenIntent[]> {
      const rows = await database.db
        .selectFrom('intents')
        .selectAll()
        .where('place', '=', place)
        .where('item_id', 'is', null)
        .orderBy('started_at')
        .execute();
      if (rows.some((row) => row.owner !== null && row.owner !== owner && row.owner_until > clock.now())) {
        throw inProgress();
      }
      return rows.map(open);
    },

    /** The one with the caller's idempotency key. @throws KsmError `idempotency_key_reused`, `operation_in_progress` */
    async ofCaller(caller: Caller): Promise<OpenIntent | undefined> {
      const stamp = stampOf(caller);
      if (!stamp) return undefined;
      const row = await database.db
        .selectFrom('intents')
        .selectAll()
        .where('lookup', '=', stamp.lookup)
        .executeTakeFirst();
      if (!row) return undefined;
      if (!row.request || !timingSafeEqual(row.request, stamp.request)) throw keyReused();
      if (row.owner !== null && row.owner !== owner && row.owner_until > clock.now()) throw inProgress();
      return open(row);
    },

    /** Places with something to settle that no living process works on. */
    async abandonedPlaces(working: ReadonlySet<string>): Promise<string[]> {
      const rows = await database.db
        .selectFrom('intents')
        .select(['place', 'operation_id', 'owner', 'owner_until'])
        .where('item_id', 'is', null)
        .orderBy('started_at')
        .execute();
      const abandoned = rows.filter(
        (row) =>
          !working.has(row.operation_id) &&
          (row.owner === null || row.owner === owner || row.owner_until <= clock.now()),
      );
      return [...new Set(abandoned.map(({ place }) => place))];
    },

    /** Says again that this process works on what it works on. */
    async renew(): Promise<void> {
      await database.db
        .updateTable('intents')
        .set({ owner_until: clock.now() + OWNED_MS })
        .where('owner', '=', owner)
        .execute();
    },

    /** Noted without a run, whose callers have stopped asking before they were answered. */
    async unanswered(): Promise<OpenIntent[]> {
      const rows = await database.db
        .selectFrom('intents')
        .selectAll()
        .where('item_id', 'is not', null)
        .where('run_id', 'is', null)
        .where('started_at', '<=', clock.now() - REPLAY_KEEP_MINUTES * 60_000)
        .execute();
      return rows.map(open);
    },

    /** Drops what nobody asks for any more, of runs: those without are for `unanswered`. */
    async purge(): Promise<void> {
      await database.db
        .deleteFrom('intents')
        .where('item_id', 'is not', null)
        .where(({ or, and, eb, exists, selectFrom }) =>
          or([
            and([eb('run_id', 'is not', null), eb('started_at', '<=', clock.now() - REPLAY_KEEP_MINUTES * 60_000)]),
            exists(
              selectFrom('runs').select('id').whereRef('runs.id', '=', 'intents.run_id').where('state', '!=', 'active'),
            ),
          ]),
        )
        .execute();
    },
  };
}

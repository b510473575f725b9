/** The third part of a change: its item, its audit events and what follows from it, in the caller's transaction. */

import { KsmError } from '../../../contract/errors';
import type { Database } from '../../store/database';
import type { RunRow } from '../../store/schema/service';
import type { StepName } from '../../vault/step';
import type { Clock } from '../../world/clock';
import type { AuditTrail } from '../audit-trail';
import { forgetItems, type MadeItem, recordItem } from '../run-item';
import type { Change, ChangeCaller, Facts, Mutation } from './mutation';

export interface Notes {
  readonly database: Database;
  readonly clock: Clock;
  readonly auditTrail: AuditTrail;
}

export interface Noted<V> {
  readonly value: V;
  readonly made: MadeItem | undefined;
  /** The caller's run as it is now; undefined: it has none. */
  readonly run: RunRow | undefined;
}

/** What a change of this caller notes. @param onMade told of each item */
export function changeOf(
  { database, clock, auditTrail }: Notes,
  caller: ChangeCaller,
  onMade: (item: MadeItem) => void = () => undefined,
): Change {
  return {
    audit: (...notes) => auditTrail.done({ kind: 'token', caller }, ...notes),
    async made(item) {
      onMade(item);
      await recordItem(database.db, caller, item, clock.now());
    },
    removed: (itemId) => forgetItems(database.db, itemId),
  };
}

export async function noteOutcome<I, S, N extends StepName, V>(
  notes: Notes,
  mutation: Mutation<I, S, N, V>,
  facts: Facts<I, S, N>,
  caller: ChangeCaller,
): Promise<Noted<V>> {
  let made: MadeItem | undefined;
  const value = await mutation.outcome(
    facts,
    changeOf(notes, caller, (item) => {
      made = item;
    }),
  );
  const run =
    caller.runId === undefined
      ? undefined
      : await notes.database.db.selectFrom('runs').selectAll().where('id', '=', caller.runId).executeTakeFirst();
  return { value, made, run };
}

export function runSettled({ id, state }: Pick<RunRow, 'id' | 'state'>): KsmError {
  const what =
    state === 'settled' ? 'was settled by its provider' : 'has lapsed: its provider was not heard of for too long';
  return new KsmError(
    'run_settled',
    `The run ${id} ${what}. It makes nothing more. Run the command again: it draws a new run.`,
  );
}

/**
 * What a crash or a lost reply has left between an intent and its outcome: the
 * vault is asked what has become of it, and the outcome is noted as if the
 * reply had come. At the start, and before anything else touches that place.
 */

import type { Database } from '../../store/database';
import type { Vault } from '../../vault/port';
import type { StepName } from '../../vault/step';
import type { Caller } from '../caller';
import type { Calls } from '../calls';
import { type Idempotency, stampOf } from '../idempotency';
import type { Reaper } from '../reaper';
import type { Cause, Ending, Removal } from '../removal';
import type { MadeItem } from '../run-item';
import type { Suspects } from '../suspect';
import type { Journal, OpenIntent } from './journal';
import type { AnyMutation, Change, Facts } from './mutation';
import { type Notes, noteOutcome } from './outcome';

export interface Recovery {
  /** Settles what is open at a place. @throws KsmError `vault_unavailable`, `vault_busy`, `operation_in_progress` */
  settleAt(place: string, caller?: Caller): Promise<void>;
  /** What a caller is answered whose earlier attempt was settled without it; undefined: it is to be done. */
  answerOf(caller: Caller): Promise<{ readonly value: unknown } | undefined>;
  /** Ends what was made for callers without a run that have stopped asking: its credential was given to nobody. */
  endUnanswered(): Promise<void>;
}

export interface RecoveryParts {
  readonly database: Database;
  readonly vault: Vault;
  readonly calls: Calls;
  readonly journal: Journal;
  readonly idempotency: Idempotency;
  readonly reaper: Reaper;
  readonly removal: Removal;
  readonly suspects: Suspects;
  readonly notes: Notes;
  readonly mutations: ReadonlyMap<string, AnyMutation>;
}

export function createRecovery(parts: RecoveryParts): Recovery {
  const { database, vault, calls, journal, idempotency, reaper, removal, suspects, notes, mutations } = parts;

  const readBack = ({ intent, caller }: OpenIntent) =>
    vault.readBack(
      calls.of(caller, {
        operationId: intent.operationId,
        note: (progress) => journal.note(intent.operationId, progress),
      }),
      intent,
    );

  const mutationOf = (open: OpenIntent): AnyMutation => {
    const mutation = mutations.get(open.mutation);
    if (!mutation) throw new TypeError(`The intent ${open.intent.operationId} is of no change: ${open.mutation}`);
    return mutation;
  };

  const factsOf = ({ caller, input, seen }: OpenIntent, result: unknown) =>
    ({ caller, input, seen, result }) as Facts<unknown, unknown, StepName>;

  /** A credential that is lost was given to nobody: what it was for is ended at once. */
  async function endLost(open: OpenIntent, item: Ending): Promise<void> {
    await removal.remove([item], lost(open));
  }

  /** Its outcome was noted, and nobody gets the credential any more. */
  async function endNoted(open: OpenIntent): Promise<void> {
    const item = open.itemId === null ? undefined : endingOf(open.intent.step.name, open.itemId);
    if (item) await endLost(open, item);
    await journal.end(open.intent.operationId);
  }

  async function settleOne(open: OpenIntent, caller: Caller | undefined): Promise<void> {
    const { operationId } = open.intent;
    const back = await readBack(open);
    if (back.effect !== 'done') {
      await database.transaction(async () => {
        if (back.effect === 'suspected') await suspects.note(open, back.suspects);
        await journal.end(operationId);
      });
      return;
    }
    const mine = caller && isOf(open, caller) ? caller : undefined;
    const gone = isLost(back.result);
    // Whoever asked without a key cannot ask again, and without a run nobody speaks for them.
    const isUnspoken = !mine && !open.stamp && open.caller.runId === undefined;
    const { lost, over } = await database.transaction(async () => {
      const noted = await noteOutcome(notes, mutationOf(open), factsOf(open, back.result), open.caller);
      const answerable = !gone && (noted.run === undefined || noted.run.state === 'active');
      if (mine && answerable) await idempotency.keep(mine, noted.value);
      const itemId = noted.made?.id ?? open.place;
      const lost = gone || isUnspoken ? endingOf(open.intent.step.name, itemId) : undefined;
      // Whoever asks again with the key must not have it made a second time; and what is lost is ended, if not now, later.
      if (lost || (!mine && answerable && open.stamp)) await journal.noted(operationId, itemId);
      else await journal.end(operationId);
      // Its run was sorted without it.
      return { lost, over: noted.made && noted.run?.state !== 'active' ? noted.run?.id : undefined };
    });
    if (over !== undefined) reaper.ended(over);
    if (lost) await endNoted({ ...open, itemId: lost.item_id });
  }

  return {
    async settleAt(place, caller) {
      for (const open of await journal.unsettledAt(place)) await settleOne(open, caller);
    },

    async answerOf(caller) {
      const open = await journal.ofCaller(caller);
      if (!open) return undefined;
      const { operationId } = open.intent;
      const back = await readBack(open);
      if (back.effect === 'done' && !isLost(back.result)) {
        return database.transaction(async () => {
          const value = await mutationOf(open).outcome(factsOf(open, back.result), SILENT);
          await idempotency.keep(caller, value);
          await journal.end(operationId);
          return { value };
        });
      }
      await endNoted(open);
      return undefined;
    },

    async endUnanswered() {
      for (const open of await journal.unanswered()) await endNoted(open);
    },
  };
}

/** Everything was noted when the outcome was. */
const SILENT: Change = {
  audit: async () => undefined,
  made: async (_item: MadeItem) => undefined,
  removed: async () => undefined,
};

const lost = ({ caller }: OpenIntent): Cause => ({
  actor: { kind: 'system', runId: caller.runId },
  verb: 'revoke',
  reason: 'its credential was lost with the reply of the vault, so nobody has it',
});

function endingOf(step: StepName, itemId: string): Ending | undefined {
  const kind = step === 'client_device.create' ? 'client_device' : step === 'gateway.create' ? 'gateway' : undefined;
  return kind && { item_id: itemId, kind };
}

/** Of what was issued with a credential: neither form of it is left. */
const isLost = (result: unknown): boolean =>
  typeof result === 'object' &&
  result !== null &&
  'oneTimeToken' in result &&
  'config' in result &&
  result.oneTimeToken === null &&
  result.config === null;

function isOf({ stamp }: OpenIntent, caller: Caller): boolean {
  const own = stampOf(caller);
  return stamp !== undefined && own !== undefined && Buffer.from(stamp.lookup).equals(own.lookup);
}

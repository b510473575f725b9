/**
 * A change before a vault that answers over a network: the intent is durable
 * before the vault is asked, nothing is locked while it is, and the outcome is
 * noted in one transaction after it (DESIGN, crash safety 4).
 */

import { isKsmError, KsmError } from '../../../contract/errors';
import type { Database } from '../../store/database';
import { OutcomeUnknown } from '../../vault/outcome-unknown';
import type { Vault } from '../../vault/port';
import { placeOf, type Step, type StepName, take } from '../../vault/step';
import { randomId } from '../../world/random-id';
import type { Caller } from '../caller';
import type { Calls } from '../calls';
import { type Idempotency, inProgress, keyReused, stampOf } from '../idempotency';
import type { LivingVaults } from '../living-vault';
import type { Reaper } from '../reaper';
import type { RunLeases } from '../run-lease';
import type { Journal } from './journal';
import type { Facts, Mutation, Written } from './mutation';
import { type Notes, noteOutcome, runSettled } from './outcome';
import type { Recovery } from './recovery';
import { createTurns } from './turns';

const UNKNOWN_RETRY_SECONDS = 2;

export interface ByIntentParts {
  readonly database: Database;
  readonly vault: Vault;
  readonly living: LivingVaults;
  readonly calls: Calls;
  readonly idempotency: Idempotency;
  readonly leases: RunLeases;
  readonly journal: Journal;
  readonly recovery: Recovery;
  readonly notes: Notes;
  readonly reaper: Reaper;
}

export type ByIntent = ReturnType<typeof createByIntent>;

export function createByIntent(parts: ByIntentParts) {
  const { database, vault, living, calls, idempotency, leases, journal, recovery, notes, reaper } = parts;
  const turns = createTurns();
  /** What is asked of the vault now, by the key of whoever may ask again. */
  const running = new Map<string, { readonly request: Uint8Array; readonly work: Promise<Written<unknown>> }>();
  /** Everything that was begun and has not ended, with a key or without. */
  const begun = new Set<Promise<unknown>>();
  /** Operations whose intents this process works on. */
  const working = new Set<string>();

  /** What an earlier attempt was answered; undefined: it is to be done. */
  async function answered<V>(caller: Caller): Promise<Written<V> | undefined> {
    await leases.requireOpen(caller);
    const recalled = await idempotency.recall<V>(caller);
    return recalled && { value: recalled.value, replayed: true };
  }

  async function change<I, S, N extends StepName, V>(
    mutation: Mutation<I, S, N, V>,
    caller: Caller,
    input: I,
    authorized: () => Promise<void>,
  ): Promise<Written<V>> {
    await authorized();
    const settled = await recovery.answerOf(caller);
    if (settled) return { value: settled.value as V, replayed: true };
    const earlier = await answered<V>(caller);
    if (earlier) return earlier;
    const operationId = randomId();
    const call = calls.of(caller, { operationId, note: (progress) => journal.note(operationId, progress) });
    const seen = await mutation.look(living.during(call), input, caller);
    const step = mutation.step(input, seen);
    const facts = { caller, input, seen, result: undefined };
    if (!step) return { value: await settle(mutation, facts, caller), replayed: false };
    working.add(operationId);
    try {
      const place = placeOf(step as Step);
      await database.transaction(async () => {
        await leases.touch(caller);
        await journal.begin({ operationId, place, mutation: mutation.name, caller, input, seen, step: step as Step });
      });
      let result: Facts<I, S, N>['result'];
      try {
        result = await take<N>(vault.during(call), step);
      } catch (error) {
        throw await refusedOrUnknown(operationId, caller, error);
      }
      return { value: await settle(mutation, { ...facts, result }, caller, operationId), replayed: false };
    } finally {
      working.delete(operationId);
    }
  }

  /** Notes the outcome. @throws KsmError `run_settled` for what a run has made that is over by now: it is dead */
  async function settle<I, S, N extends StepName, V>(
    mutation: Mutation<I, S, N, V>,
    facts: Facts<I, S, N>,
    caller: Caller,
    operationId?: string,
  ): Promise<V> {
    const noted = await database.transaction(async () => {
      if (operationId === undefined) await leases.touch(caller);
      const { value, made, run } = await noteOutcome(notes, mutation, facts, caller);
      if (operationId !== undefined) await journal.end(operationId);
      const late = made && run !== undefined && run.state !== 'active';
      if (!late) await idempotency.keep(caller, value);
      return { value, late: late ? run : undefined };
    });
    if (!noted.late) return noted.value;
    reaper.ended(noted.late.id, caller);
    throw runSettled(noted.late);
  }

  /** Only an error of the contract says that nothing was done. */
  async function refusedOrUnknown(operationId: string, caller: Caller, error: unknown): Promise<unknown> {
    if (isKsmError(error)) {
      await journal.end(operationId);
      return error;
    }
    await journal.release(operationId);
    const detail =
      error instanceof OutcomeUnknown ? error.detail : 'The vault did not say whether it did what it was asked.';
    return new KsmError(
      caller.idempotency ? 'operation_in_progress' : 'vault_unavailable',
      `${detail} What has become of it is read back before anything else is done there. Ask again${caller.idempotency ? ' with the same idempotency key' : ''}.`,
      { retryAfterSeconds: UNKNOWN_RETRY_SECONDS },
      { cause: error },
    );
  }

  /** Waits no longer than anybody should; the work goes on. */
  async function patiently<V>(caller: Caller, work: Promise<Written<V>>): Promise<Written<V>> {
    // Nobody may be left to hear of its failure.
    work.catch(() => undefined);
    const waited = await calls.patiently(work);
    if (waited !== undefined) return waited;
    if (caller.idempotency) throw inProgress();
    throw new KsmError(
      'vault_busy',
      'The vault is busy with other commands. What was asked keeps its place and will be done; ask again to see whether it is.',
      { retryAfterSeconds: UNKNOWN_RETRY_SECONDS },
    );
  }

  let stopped = false;

  return {
    /** Says that this process still works on what it works on, and settles what nobody works on. */
    async tick(): Promise<void> {
      if (vault.transactional) return;
      if (working.size > 0) await journal.renew();
      const failures: unknown[] = [];
      for (const place of await journal.abandonedPlaces(working)) {
        if (stopped) return;
        // What cannot be known yet of one application holds up no other.
        await turns.at(place, () => recovery.settleAt(place)).catch((error: unknown) => failures.push(error));
      }
      if (failures.length > 0) throw failures[0];
    },

    /** Waits for what was asked of the vault, as long as its driver lets it. */
    async close(): Promise<void> {
      stopped = true;
      await Promise.allSettled(begun);
    },

    async run<I, S, N extends StepName, V>(
      place: string,
      mutation: Mutation<I, S, N, V>,
      caller: Caller,
      input: I,
      authorized: () => Promise<void>,
    ): Promise<Written<V>> {
      const stamp = stampOf(caller);
      const key = stamp && Buffer.from(stamp.lookup).toString('base64');
      const same = key === undefined ? undefined : running.get(key);
      if (stamp && same) {
        if (!Buffer.from(same.request).equals(stamp.request)) throw keyReused();
        const joined = same.work.then(({ value }) => ({ value: value as V, replayed: true }));
        return patiently(caller, joined);
      }
      const work = (async () => {
        if (stamp) {
          // Nobody waits for a turn to hear what was answered before.
          await authorized();
          const earlier = await answered<V>(caller);
          if (earlier) return earlier;
        }
        return turns.at(place, async () => {
          await recovery.settleAt(place, caller);
          return change(mutation, caller, input, authorized);
        });
      })().finally(() => {
        begun.delete(work);
        if (key !== undefined) running.delete(key);
      });
      begun.add(work);
      if (stamp && key !== undefined) running.set(key, { request: stamp.request, work });
      return patiently(caller, work);
    },
  };
}

import { isKsmError, KsmError } from '../../contract/errors';
import type { Database } from '../store/database';
import type { Vault } from '../vault/port';
import { placeOf, type StepName, take } from '../vault/step';
import type { AuditAction } from './audit-action';
import { type AuditNote, type AuditTrail, refusalOf } from './audit-trail';
import type { Caller } from './caller';
import type { Calls } from './calls';
import type { ByIntent } from './change/by-intent';
import type { Change, Mutation, Written } from './change/mutation';
import { changeOf, type Notes } from './change/outcome';
import type { Idempotency } from './idempotency';
import type { LivingVault, LivingVaults } from './living-vault';
import { type Action, admit, authorize, type Demand, mayNameApplication, maySeeSecret } from './policy';
import type { RunLeases } from './run-lease';

/** Every operation goes through one of these: what it demands is checked first, and a refusal is audited. */
export interface Units {
  /**
   * A change of the vault: for the embedded one all of it is one transaction, with its run item, its audit event and
   * its replay copy; before one that answers over a network an intent is kept first (DESIGN, crash safety 4).
   */
  change<I, S, N extends StepName, V>(
    caller: Caller,
    demand: Demand,
    mutation: Mutation<I, S, N, V>,
    input: I,
  ): Promise<Written<V>>;
  /** One transaction of the service's own database, which no vault over a network takes part in. */
  write<T>(caller: Caller, demand: Demand, work: (change: Change) => Promise<T>): Promise<Written<T>>;
  /** Writes nothing: a read goes on where a write is impossible. */
  read<T>(caller: Caller, demand: Demand, work: (vault: LivingVault) => Promise<T>): Promise<T>;
  /** What changes things in several transactions of its own, because as one it would hold up others for too long. */
  portions<T>(caller: Caller, demand: Demand, work: () => Promise<T>): Promise<T>;
  /** Whether the vault has it: for what a demand says of it, before anything is authorised. */
  has(caller: Caller, lookup: (vault: LivingVault) => Promise<unknown>): Promise<boolean>;
  /** What the scope alone decides, before there is a body. @throws KsmError `forbidden` */
  admit(caller: Caller, demand: Demand): Promise<void>;
}

export interface UnitsOptions {
  readonly database: Database;
  readonly idempotency: Idempotency;
  readonly vault: Vault;
  readonly living: LivingVaults;
  readonly calls: Calls;
  readonly auditTrail: AuditTrail;
  readonly leases: RunLeases;
  readonly notes: Notes;
  /** For a vault that answers over a network. */
  readonly byIntent: ByIntent;
}

export function createUnits(options: UnitsOptions): Units {
  const { database, idempotency, vault, living, calls, auditTrail, leases, notes, byIntent } = options;

  const lookOf = (caller: Caller) => living.during(calls.read(caller));

  const nameOf = (caller: Caller) => async (applicationId: string) => {
    try {
      return (await lookOf(caller).applications.get(applicationId)).name;
    } catch (error) {
      if (isKsmError(error, 'application_not_found')) return undefined;
      throw error;
    }
  };

  async function audited<T>(caller: Caller, demand: Demand, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (failure) {
      const error = await withoutHidden(caller, demand, failure);
      const refusal = refusalOf(error);
      if (refusal) {
        await auditTrail.refused({ kind: 'token', caller }, { ...refusedNote(demand), reason: refusal.reason });
      }
      throw error;
    }
  }

  /** An error tells nobody of an application or a secret that they may not see. */
  async function withoutHidden(caller: Caller, { name }: Demand, error: unknown): Promise<unknown> {
    const { principal } = caller;
    if (isKsmError(error, 'application_exists') && error.facts.existingId !== undefined) {
      if (principal.limits.applications === null) return error;
      const existing = await nameOf(caller)(error.facts.existingId);
      if (existing !== undefined && mayNameApplication(principal, existing)) return error;
      return new KsmError(
        'application_exists',
        `The name ${JSON.stringify(name)} is taken, maybe in other upper and lower case: such names count as the same. Choose another name.`,
        { refusal: 'the name is that of an application outside the limits of the token' },
      );
    }
    if (isKsmError(error) && error.facts.dependents && principal.limits.secrets !== null) {
      const dependents = error.facts.dependents.map((dependent) =>
        dependent.kind !== 'grant' || maySeeSecret(principal, dependent.id.split('/')[1] ?? '')
          ? dependent
          : { ...dependent, name: null },
      );
      return new KsmError(error.code, error.detail, { ...error.facts, dependents });
    }
    return error;
  }

  const judged = <T>(caller: Caller, demand: Demand, work: () => Promise<T>): Promise<T> =>
    audited(caller, demand, async () => {
      if (caller.runId !== undefined) await leases.find(caller, caller.runId);
      await authorize(caller, demand, nameOf(caller));
      return work();
    });

  /** All of it in one transaction: authorised, done and noted, or answered as before. */
  const inOne = <T>(caller: Caller, demand: Demand, work: (change: Change) => Promise<T>): Promise<Written<T>> =>
    idempotency.once(caller, () =>
      database.transaction(async () => {
        await authorize(caller, demand, nameOf(caller));
        await leases.touch(caller);
        const earlier = await idempotency.recall<T>(caller);
        if (earlier) {
          return { value: earlier.value, replayed: true };
        }
        const value = await work(changeOf(notes, caller));
        await idempotency.keep(caller, value);
        return { value, replayed: false };
      }),
    );

  /** A vault over a network may take minutes for what it has begun: it goes on, and who asks again finds it read. */
  async function patiently<T>(work: Promise<T>): Promise<T> {
    if (vault.transactional) return work;
    const waited = await calls.patiently(work.then((value) => ({ value })));
    if (waited) return waited.value;
    throw new KsmError('vault_busy', 'The vault is busy with other commands. Ask again.', { retryAfterSeconds: 5 });
  }

  async function changeInOne<I, S, N extends StepName, V>(
    { look, step: stepOf, outcome }: Mutation<I, S, N, V>,
    caller: Caller,
    input: I,
    change: Change,
  ): Promise<V> {
    const call = calls.own(caller.runId);
    const seen = await look(living.during(call), input, caller);
    const step = stepOf(input, seen);
    const result = step && (await take<N>(vault.during(call), step));
    return outcome({ caller, input, seen, result }, change);
  }

  return {
    change: (caller, demand, mutation, input) =>
      audited(caller, demand, () =>
        vault.transactional
          ? inOne(caller, demand, (change) => changeInOne(mutation, caller, input, change))
          : byIntent.run(placeIn(demand), mutation, caller, input, () => authorize(caller, demand, nameOf(caller))),
      ),

    write: (caller, demand, work) => audited(caller, demand, () => inOne(caller, demand, work)),

    read: (caller, demand, work) => patiently(judged(caller, demand, () => work(lookOf(caller)))),
    portions: judged,

    async has(caller, lookup) {
      try {
        await lookup(lookOf(caller));
        return true;
      } catch (error) {
        if (isKsmError(error, 'application_not_found', 'device_not_found')) return false;
        throw error;
      }
    },

    admit: (caller, demand) => audited(caller, demand, async () => admit(caller.principal, demand.action)),
  };
}

/** Where a change waits for its turn: as `placeOf` says of its step. */
function placeIn({ applicationId, name }: Demand): string {
  return applicationId ?? placeOf({ name: 'application.create', input: { name: name ?? '' } });
}

/** What was tried, without names of secrets. */
function refusedNote(demand: Demand): AuditNote<AuditAction | Action> {
  const { action, applicationId, secretUid, name, editable } = demand;
  const item = applicationId === undefined || secretUid === undefined ? applicationId : `${applicationId}/${secretUid}`;
  return {
    action,
    target: demand.target ?? item ?? null,
    name: name ?? null,
    ...(editable === undefined ? {} : { after: { editable } }),
  };
}

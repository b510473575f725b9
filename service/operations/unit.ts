import { isKsmError, KsmError } from '../../contract/errors';
import type { Clock } from '../clock';
import type { Database } from '../store/database';
import type { Vault } from '../vault/vault';
import type { AuditAction } from './audit-action';
import { type AuditNote, type AuditTrail, refusalOf } from './audit-trail';
import type { Caller } from './caller';
import type { Idempotency } from './idempotency';
import { type Action, admit, authorize, type Demand, mayNameApplication, maySeeSecret } from './policy';
import { forgetItems, type MadeItem, recordItem } from './run-item';
import type { RunLeases } from './run-lease';

/** What a change notes besides doing it; all of it commits with the change or not at all. */
export interface Change {
  /** One audit event each. Never a secret in it. */
  audit(...notes: AuditNote[]): Promise<void>;
  /** An item that Terraform may come to hold. */
  made(item: MadeItem): Promise<void>;
  /** An item is gone, and with it every item under it. */
  removed(itemId: string): Promise<void>;
}

export interface Written<T> {
  readonly value: T;
  /** The value is that of an earlier attempt with the same idempotency key. */
  readonly replayed: boolean;
}

/** Every operation goes through one of these: what it demands is checked first, and a refusal is audited. */
export interface Units {
  /** One transaction with the change, its run item, its audit event and its replay copy (DESIGN, crash safety 4). */
  write<T>(caller: Caller, demand: Demand, work: (change: Change) => Promise<T>): Promise<Written<T>>;
  /** Writes nothing: a read goes on where a write is impossible. */
  read<T>(caller: Caller, demand: Demand, work: () => Promise<T>): Promise<T>;
  /** What changes things in several transactions of its own, because as one it would hold up others for too long. */
  portions<T>(caller: Caller, demand: Demand, work: () => Promise<T>): Promise<T>;
  /** What the scope alone decides, before there is a body. @throws KsmError `forbidden` */
  admit(caller: Caller, demand: Demand): Promise<void>;
}

export interface UnitsOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly idempotency: Idempotency;
  readonly vault: Vault;
  readonly auditTrail: AuditTrail;
  readonly leases: RunLeases;
}

export function createUnits({ database, clock, idempotency, vault, auditTrail, leases }: UnitsOptions): Units {
  const nameOf = async (applicationId: string): Promise<string | undefined> => {
    try {
      return (await vault.applications.get(applicationId)).name;
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
  async function withoutHidden({ principal }: Caller, { name }: Demand, error: unknown): Promise<unknown> {
    if (isKsmError(error, 'application_exists') && error.facts.existingId !== undefined) {
      if (principal.limits.applications === null) return error;
      const existing = await nameOf(error.facts.existingId);
      if (existing !== undefined && mayNameApplication(principal, existing)) return error;
      return new KsmError(
        'application_exists',
        `The name ${JSON.stringify(name)} is taken: names differ in more than letter case. Choose another name.`,
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

  const judged: Units['read'] = (caller, demand, work) =>
    audited(caller, demand, async () => {
      if (caller.runId !== undefined) await leases.find(caller, caller.runId);
      await authorize(caller, demand, nameOf);
      return work();
    });

  return {
    write: (caller, demand, work) =>
      audited(caller, demand, () =>
        idempotency.once(caller, () =>
          database.transaction(async () => {
            await authorize(caller, demand, nameOf);
            await leases.touch(caller);
            const earlier = await idempotency.recall<Awaited<ReturnType<typeof work>>>(caller);
            if (earlier) {
              return { value: earlier.value, replayed: true };
            }
            const value = await work({
              audit: (...notes) => auditTrail.done({ kind: 'token', caller }, ...notes),
              made: (item) => recordItem(database.db, caller, item, clock.now()),
              removed: (itemId) => forgetItems(database.db, itemId),
            });
            await idempotency.keep(caller, value);
            return { value, replayed: false };
          }),
        ),
      ),

    read: judged,
    portions: judged,

    admit: (caller, demand) => audited(caller, demand, async () => admit(caller.principal, demand.action)),
  };
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

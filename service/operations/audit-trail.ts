/** One row for each change and each refusal, kept for ever: who did what is asked for years later, and a row is 300 bytes. */

import type { Insertable } from 'kysely';
import { isKsmError, type KsmError } from '../../contract/errors';
import { fixedWindow } from '../fixed-window';
import type { Database } from '../store/database';
import type { MasterKey } from '../store/master-key';
import type { AuditEventRow } from '../store/schema/service';
import type { Clock } from '../world/clock';
import type { AuditAction } from './audit-action';
import type { Caller, Principal } from './caller';
import type { Action } from './policy';

/** What changed. No member ever holds a secret. */
export interface AuditNote<A extends string = AuditAction> {
  readonly action: A;
  readonly target: string | null;
  /** Of an application, device, gateway or principal. */
  readonly name?: string | null | undefined;
  /** Of a folder or record: stored under the master key alone. */
  readonly secretName?: string | null | undefined;
  /** What of it was otherwise before, and is so now. */
  readonly before?: object | undefined;
  readonly after?: object | undefined;
  /** Why it ended by itself, or was refused. */
  readonly reason?: string | undefined;
}

/** What is noted of whoever asked; what goes on after a restart knows no more of it. */
export type AuditedCaller = Pick<Caller, 'runId' | 'requestId'> & {
  readonly principal: Pick<Principal, 'id' | 'name'>;
};

/** Who did it. */
export type AuditActor =
  | { readonly kind: 'token'; readonly caller: AuditedCaller }
  | { readonly kind: 'device'; readonly clientId: string }
  /** The service by itself, for a run that ended. */
  | { readonly kind: 'system'; readonly runId?: string | undefined };

export interface AuditTrail {
  /** Belongs to the transaction that it is called in. */
  done(actor: AuditActor, ...notes: AuditNote[]): Promise<void>;
  /** In a transaction of its own: what was refused has none. Never throws. */
  refused(actor: AuditActor, note: AuditNote<AuditAction | Action>): Promise<void>;
  /** The name as a reader sees it. */
  nameOf(row: {
    target: string | null;
    at: number;
    name: string | null;
    sealed_name: Uint8Array | null;
  }): string | null;
}

/** Refusals are noted within limits: whoever asks again and again must not fill the disk. The log has each. */
const REFUSAL_WINDOW_MS = 60_000;
/** Different refusals of one principal in a window; of a device one of each action. */
const REFUSALS_OF_ONE = 100;
/** Rows of one statement, each with 14 parameters; SQLite takes 32,766. */
const ROWS_A_STATEMENT = 500;

/** Where a sealed name belongs: it opens at no other row. */
export const sealedNamePlace = (target: string | null, at: number) => ({
  table: 'audit_events',
  column: 'sealed_name',
  id: `${at} ${target ?? ''}`,
});

export function createAuditTrail(options: {
  database: Database;
  clock: Clock;
  masterKey: Pick<MasterKey, 'seal' | 'unseal'>;
}): AuditTrail {
  const { database, clock, masterKey } = options;
  const monotonic = () => clock.monotonic();
  const sameRefusal = fixedWindow({ monotonic, limit: 1, windowMs: REFUSAL_WINDOW_MS });
  const refusalsOfOne = fixedWindow({ monotonic, limit: REFUSALS_OF_ONE, windowMs: REFUSAL_WINDOW_MS });

  function rowOf(actor: AuditActor, note: AuditNote<string>, outcome: 'done' | 'refused'): Insertable<AuditEventRow> {
    const at = clock.now();
    const { secretName } = note;
    const caller = actor.kind === 'token' ? actor.caller : undefined;
    return {
      at,
      action: note.action,
      outcome,
      actor: actor.kind,
      principal: caller?.principal.name ?? (actor.kind === 'device' ? actor.clientId : null),
      principal_id: caller?.principal.id ?? null,
      target: note.target,
      name: note.name ?? null,
      sealed_name: secretName ? masterKey.seal(Buffer.from(secretName), sealedNamePlace(note.target, at)) : null,
      before: note.before ? JSON.stringify(note.before) : null,
      after: note.after ? JSON.stringify(note.after) : null,
      reason: note.reason ?? null,
      run_id: caller?.runId ?? (actor.kind === 'system' ? (actor.runId ?? null) : null),
      request_id: caller?.requestId ?? null,
    };
  }

  const insert = (rows: Insertable<AuditEventRow>[]) => database.db.insertInto('audit_events').values(rows).execute();

  return {
    async done(actor, ...notes) {
      for (let start = 0; start < notes.length; start += ROWS_A_STATEMENT) {
        await insert(notes.slice(start, start + ROWS_A_STATEMENT).map((note) => rowOf(actor, note, 'done')));
      }
    },

    async refused(actor, note) {
      const who = actor.kind === 'token' ? actor.caller.principal.id : actor.kind === 'device' ? actor.clientId : '';
      const what = actor.kind === 'device' ? [note.action] : [note.action, note.target, note.reason];
      const key = JSON.stringify([who, ...what]);
      if (sameRefusal.wait(key) > 0 || refusalsOfOne.count(who) > 0) return;
      sameRefusal.count(key);
      // The caller gets its refusal whatever becomes of the note.
      await insert([rowOf(actor, note, 'refused')]).catch(() => undefined);
    },

    nameOf: ({ target, at, name, sealed_name }) =>
      sealed_name ? masterKey.unseal(sealed_name, sealedNamePlace(target, at)).toString() : name,
  };
}

/** What policy refused, and why; undefined for any other error. */
export function refusalOf(error: unknown): { error: KsmError; reason: string } | undefined {
  return isKsmError(error) && error.facts.refusal !== undefined ? { error, reason: error.facts.refusal } : undefined;
}

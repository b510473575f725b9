/** One row for each change and each refusal, kept for ever: who did what is asked for years later, and a row is 300 bytes. */

import { isKsmError, type KsmError } from '../../contract/errors';
import type { Clock } from '../clock';
import type { Database } from '../store/database';
import type { MasterKey } from '../store/master-key';
import type { Caller } from './caller';

/** What changed. No member ever holds a secret. */
export interface AuditNote {
  /** `<noun>.<verb>`. */
  readonly action: string;
  readonly target: string | null;
  /** Of an application, device, gateway or principal. */
  readonly name?: string | null | undefined;
  /** Of a folder or record: stored under the master key alone. */
  readonly secretName?: string | null | undefined;
  /** What of it was otherwise before, and is so now. */
  readonly before?: object | undefined;
  readonly after?: object | undefined;
  /** Why the service did it by itself. */
  readonly reason?: string | undefined;
}

/** Who did it. */
export type AuditActor =
  | { readonly kind: 'token'; readonly caller: Caller }
  | { readonly kind: 'device'; readonly clientId: string }
  /** The service by itself, for a run that ended. */
  | { readonly kind: 'system'; readonly runId?: string | undefined };

export interface AuditTrail {
  /** Belongs to the transaction that it is called in. */
  done(actor: AuditActor, note: AuditNote): Promise<void>;
  /** In a transaction of its own: what was refused has none. Never throws. */
  refused(actor: AuditActor, note: AuditNote): Promise<void>;
  /** The name as a reader sees it. */
  nameOf(row: {
    target: string | null;
    at: number;
    name: string | null;
    sealed_name: Uint8Array | null;
  }): string | null;
}

/** The same refusal of the same actor is noted once in so many milliseconds: a loop must not fill the disk. */
const REFUSAL_EVERY_MS = 60_000;
const REFUSALS_KEPT = 10_000;

export function createAuditTrail(options: { database: Database; clock: Clock; masterKey: MasterKey }): AuditTrail {
  const { database, clock, masterKey } = options;
  const refusals = new Map<string, number>();
  const place = (target: string | null, at: number) => ({
    table: 'audit_events',
    column: 'sealed_name',
    id: `${at} ${target ?? ''}`,
  });

  async function insert(actor: AuditActor, note: AuditNote, outcome: 'done' | 'refused'): Promise<void> {
    const at = clock.now();
    const { secretName } = note;
    const caller = actor.kind === 'token' ? actor.caller : undefined;
    await database.db
      .insertInto('audit_events')
      .values({
        at,
        action: note.action,
        outcome,
        actor: actor.kind,
        principal: caller?.principal.name ?? (actor.kind === 'device' ? actor.clientId : null),
        principal_id: caller?.principal.id ?? null,
        target: note.target,
        name: note.name ?? null,
        sealed_name: secretName ? masterKey.seal(Buffer.from(secretName), place(note.target, at)) : null,
        before: note.before ? JSON.stringify(note.before) : null,
        after: note.after ? JSON.stringify(note.after) : null,
        reason: note.reason ?? null,
        run_id: caller?.runId ?? (actor.kind === 'system' ? (actor.runId ?? null) : null),
        request_id: caller?.requestId ?? null,
      })
      .execute();
  }

  return {
    done: (actor, note) => insert(actor, note, 'done'),

    async refused(actor, note) {
      const who = actor.kind === 'token' ? actor.caller.principal.id : actor.kind === 'device' ? actor.clientId : '';
      const key = JSON.stringify([who, note.action, note.target, note.reason]);
      const now = clock.now();
      if (now - (refusals.get(key) ?? -REFUSAL_EVERY_MS) < REFUSAL_EVERY_MS) return;
      refusals.delete(key);
      refusals.set(key, now);
      if (refusals.size > REFUSALS_KEPT) refusals.delete(refusals.keys().next().value as string);
      // The caller gets its refusal whatever becomes of the note.
      await insert(actor, note, 'refused').catch(() => refusals.delete(key));
    },

    nameOf: ({ target, at, name, sealed_name }) =>
      sealed_name ? masterKey.unseal(sealed_name, place(target, at)).toString() : name,
  };
}

/** What policy refused, and why; undefined for any other error. */
export function refusalOf(error: unknown): { error: KsmError; reason: string } | undefined {
  return isKsmError(error) && error.facts.refusal !== undefined ? { error, reason: error.facts.refusal } : undefined;
}

import type { Clock } from '../clock';
import type { Database } from '../store/database';
import type { RunItemRow } from '../store/schema/service';
import { type AuditNote, writeAuditEvent } from './audit-trail';
import { type Caller, requireWrite } from './caller';
import type { Idempotency } from './idempotency';
import { forgetItems, holdItem, recordItem, touchRun } from './run-lease';

/** What a change notes besides doing it; all of it commits with the change or not at all. */
export interface Change {
  /** One audit event. Never a secret in it. */
  audit(note: AuditNote): Promise<void>;
  /** An item that Terraform may come to hold. */
  made(kind: RunItemRow['kind'], itemId: string): Promise<void>;
  /** An item is gone, and with it every item under it. */
  removed(itemId: string): Promise<void>;
}

export interface Written<T> {
  readonly value: T;
  /** The value is that of an earlier attempt with the same idempotency key. */
  readonly replayed: boolean;
}

export interface Units {
  /** One transaction with the change, its run item, its audit event and its replay copy (DESIGN, crash safety 4). */
  write<T>(caller: Caller, work: (change: Change) => Promise<T>): Promise<Written<T>>;
  /** A read; one of an item by its id tells that Terraform holds it, if the run is a later one. */
  read<T>(caller: Caller, work: () => Promise<T>, itemId?: string): Promise<T>;
}

export function createUnits(options: { database: Database; clock: Clock; idempotency: Idempotency }): Units {
  const { database, clock, idempotency } = options;
  return {
    async write(caller, work) {
      requireWrite(caller);
      return idempotency.once(caller, () =>
        database.transaction(async () => {
          await touchRun(database.db, caller, clock.now(), { write: true });
          const earlier = await idempotency.recall<Awaited<ReturnType<typeof work>>>(caller);
          if (earlier) {
            return { value: earlier.value, replayed: true };
          }
          const value = await work({
            audit: (note) => writeAuditEvent(database.db, caller, note, clock.now()),
            made: (kind, itemId) => recordItem(database.db, caller, kind, itemId, clock.now()),
            removed: (itemId) => forgetItems(database.db, itemId),
          });
          await idempotency.keep(caller, value);
          return { value, replayed: false };
        }),
      );
    },

    async read(caller, work, itemId) {
      await touchRun(database.db, caller, clock.now(), { write: false });
      const value = await work();
      if (itemId !== undefined && caller.runId !== undefined) {
        await holdItem(database.db, itemId, caller.runId);
      }
      return value;
    },
  };
}

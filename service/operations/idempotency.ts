import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { KsmError } from '../../contract/errors';
import { REPLAY_KEEP_MINUTES } from '../../contract/limits';
import type { Clock } from '../clock';
import type { Database } from '../store/database';
import { seal, unseal } from '../store/sealing';
import type { Caller, IdempotentRequest } from './caller';

/** How soon a request that came while the same one runs should ask again, in seconds. */
const IN_PROGRESS_RETRY_SECONDS = 1;

/**
 * One result for all attempts of one call. The key exists in the caller's
 * memory only; stored are a derivation to find the row, a keyed hash of what
 * the key is bound to (keyed, since a body may hold a password that a plain
 * hash would let a thief of the database guess), and the result encrypted with
 * a third derivation (DESIGN, crash safety 1).
 */
export interface Idempotency {
  /** Runs `work` unless the same key is running already. @throws KsmError `operation_in_progress` */
  once<T>(caller: Caller, work: () => Promise<T>): Promise<T>;
  /** The result of an earlier attempt. @throws KsmError `idempotency_key_reused` for another request's key */
  recall<T>(caller: Caller): Promise<{ value: T } | undefined>;
  keep(caller: Caller, value: unknown): Promise<void>;
  purge(): Promise<void>;
}

export function createIdempotency({ database, clock }: { database: Database; clock: Clock }): Idempotency {
  // In memory on purpose: what was running when a process died was undone with its transaction.
  const running = new Set<string>();
  return {
    async once(caller, work) {
      if (!caller.idempotency) {
        return work();
      }
      const id = derive(caller.idempotency.key, 'lookup').toString('base64');
      if (running.has(id)) {
        throw new KsmError(
          'operation_in_progress',
          'The operation with this idempotency key is still running. Ask again with the same key and the same request.',
          { retryAfterSeconds: IN_PROGRESS_RETRY_SECONDS },
        );
      }
      running.add(id);
      try {
        return await work();
      } finally {
        running.delete(id);
      }
    },

    async recall<T>({ idempotency }: Caller) {
      if (!idempotency) {
        return undefined;
      }
      const row = await database.db
        .selectFrom('idempotency')
        .select(['request', 'replay'])
        .where('lookup', '=', derive(idempotency.key, 'lookup'))
        .where('expires_at', '>', clock.now())
        .executeTakeFirst();
      if (!row) {
        return undefined;
      }
      if (!timingSafeEqual(row.request, binding(idempotency))) {
        throw new KsmError(
          'idempotency_key_reused',
          'This idempotency key was used for another request (principal, method, path or body differ). Draw a new key for each call.',
        );
      }
      const replay = unseal(derive(idempotency.key, 'replay'), row.replay);
      return { value: JSON.parse(replay.toString()) as T };
    },

    async keep({ idempotency, runId }, value) {
      if (!idempotency) {
        return;
      }
      const row = {
        lookup: derive(idempotency.key, 'lookup'),
        request: binding(idempotency),
        replay: seal(derive(idempotency.key, 'replay'), Buffer.from(JSON.stringify(value ?? null))),
        run_id: runId ?? null,
        expires_at: clock.now() + REPLAY_KEEP_MINUTES * 60_000,
      };
      // An expired row that no purge has reached yet gives way.
      await database.db.deleteFrom('idempotency').where('lookup', '=', row.lookup).execute();
      await database.db.insertInto('idempotency').values(row).execute();
    },

    async purge() {
      await database.db.deleteFrom('idempotency').where('expires_at', '<=', clock.now()).execute();
    },
  };
}

function derive(key: string, purpose: 'lookup' | 'request' | 'replay'): Buffer {
  return Buffer.from(hkdfSync('sha256', key, '', `ksm-iac idempotency ${purpose}`, 32));
}

function binding({ key, request }: IdempotentRequest): Buffer {
  return createHmac('sha256', derive(key, 'request')).update(request).digest();
}

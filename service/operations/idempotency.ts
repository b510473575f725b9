import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { KsmError } from '../../contract/errors';
import { REPLAY_KEEP_MINUTES } from '../../contract/limits';
import type { Database } from '../store/database';
import { seal, unseal } from '../store/sealing';
import type { Clock } from '../world/clock';
import type { Caller, IdempotentRequest } from './caller';

/** How soon a request that came while the same one runs should ask again, in seconds. */
const IN_PROGRESS_RETRY_SECONDS = 1;

/** What is stored of a key: it finds a row, and tells whether the request is the same. */
export interface Stamp {
  readonly lookup: Uint8Array;
  /** Keyed hash of principal, method, path and body. */
  readonly request: Uint8Array;
}

export function stampOf({ idempotency }: Pick<Caller, 'idempotency'>): Stamp | undefined {
  return idempotency && { lookup: derive(idempotency.key, 'lookup'), request: binding(idempotency) };
}

export function inProgress(): KsmError {
  return new KsmError(
    'operation_in_progress',
    'The operation with this idempotency key is still running. Ask again with the same key and the same request.',
    { retryAfterSeconds: IN_PROGRESS_RETRY_SECONDS },
  );
}

export function keyReused(): KsmError {
  return new KsmError(
    'idempotency_key_reused',
    'This idempotency key was used for another request (principal, method, path or body differ). Draw a new key for each call.',
  );
}

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
  keep(caller: Pick<Caller, 'idempotency' | 'runId'>, value: unknown): Promise<void>;
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
        throw inProgress();
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
        throw keyReused();
      }
      const replay = unseal(derive(idempotency.key, 'replay'), row.replay);
      return { value: JSON.parse(replay.toString()) as T };
    },

    async keep({ idempotency, runId }, value) {
      if (!idempotency) {
        return;
      }
      const row = {
        ...stampOf({ idempotency })!,
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

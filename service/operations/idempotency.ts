import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import { KsmError } from '../../contract/errors';
import { REPLAY_KEEP_MINUTES } from '../../contract/limits';
import type { Clock } from '../clock';
import type { Database } from '../store/database';
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
      return { value: JSON.parse(decrypt(idempotency.key, row.replay)) as T };
    },

    async keep({ idempotency, runId }, value) {
      if (!idempotency) {
        return;
      }
      const row = {
        lookup: derive(idempotency.key, 'lookup'),
        request: binding(idempotency),
        replay: encrypt(idempotency.key, JSON.stringify(value ?? null)),
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

/** AES-256-GCM: 12-byte IV ‖ ciphertext ‖ 16-byte tag. */
function encrypt(key: string, text: string): Buffer {
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', derive(key, 'replay'), iv);
  return Buffer.concat([iv, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
}

function decrypt(key: string, sealed: Uint8Array): string {
  const bytes = Buffer.from(sealed);
  const decipher = createDecipheriv('aes-256-gcm', derive(key, 'replay'), bytes.subarray(0, 12), { authTagLength: 16 });
  decipher.setAuthTag(bytes.subarray(-16));
  return Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()]).toString('utf8');
}

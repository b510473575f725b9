/** A client as the device API sees it: found by its client id, bound once, its use noted. */

import type { SqlBool } from 'kysely';
import { randomId } from '../../world/random-id';
import type { Context } from './context';

/** A client and what its application tells it. Client devices and gateways alike. */
export interface Client {
  readonly clientId: string;
  readonly applicationId: string;
  readonly kind: 'device' | 'gateway';
  readonly ipLock: boolean;
  readonly tokenExpiresAt: number;
  /** Null: its access never ends. */
  readonly accessExpiresAt: number | null;
  /** 65 bytes, given when it bound; null before. */
  readonly publicKey: Buffer | null;
  /** The address it bound from. */
  readonly ipAddress: string | null;
  /** Null: it has not bound, or the service has bound it and nobody has used its configuration. */
  readonly firstAccessAt: number | null;
  readonly lastAccessAt: number | null;
  /** The application key under the client key. */
  readonly encryptedAppKey: Buffer;
  /** The application's title under its key. */
  readonly appData: Buffer;
}

/** What a bind or a first use tells others, in its transaction. */
export interface Bound {
  readonly applicationId: string;
  readonly clientId: string;
  readonly kind: 'device' | 'gateway';
}

export interface Redemption {
  /** Undefined when there is no such client or it was revoked. */
  find(clientId: string): Promise<Client | undefined>;
  /**
   * Binds the client to a device key, once: false when another was faster.
   *
   * @param publicKey 65 bytes, uncompressed
   * @param also runs in the same transaction
   */
  bind(client: Client, publicKey: Buffer, ip: string, also: (bound: Bound) => Promise<void>): Promise<boolean>;
  /**
   * Notes the first use of a configuration, once: somebody has it.
   *
   * @param also runs in the same transaction
   */
  firstUse(client: Client, ip: string, also: (used: Bound) => Promise<void>): Promise<void>;
  /**
   * Notes a use, at most once a minute a client: a durable commit a read would
   * cost more than the read. It neither waits nor fails: whoever reads does not
   * depend on a disk that can be written. What could not be written goes with
   * the next note.
   */
  touch(client: Pick<Client, 'clientId' | 'lastAccessAt'>): void;
  /** Writes what is noted. @throws StoreError `database_unavailable`, and keeps it then */
  flush(): Promise<void>;
}

export const TOUCH_MS = 60_000;
/** Uses that are written in one transaction; after an outage there may be one of every client. */
const USES_AT_ONCE = 500;

export function redemption({ database, clock }: Context): Redemption {
  /** When a client was last used, as far as that is not written. One entry a client. */
  const uses = new Map<string, number>();
  let flushing: Promise<void> | undefined;
  const writeUses = async () => {
    while (uses.size > 0) {
      const portion = [...uses].slice(0, USES_AT_ONCE);
      await database.transaction(async () => {
        for (const [clientId, last_access_at] of portion) {
          await database.db
            .updateTable('client_devices')
            .set({ last_access_at })
            .where('client_id', '=', clientId)
            .execute();
        }
      });
      for (const [clientId, at] of portion) {
        if (uses.get(clientId) === at) {
          uses.delete(clientId);
        }
      }
    }
  };
  /** One at a time: while another program holds the file, each read would queue a write of its own otherwise. */
  const flush = () => {
    flushing ??= writeUses().finally(() => {
      flushing = undefined;
    });
    return flushing;
  };

  return {
    async find(clientId) {
      const row = await database.db
        .selectFrom('client_devices')
        .innerJoin('applications', 'applications.uid', 'client_devices.application_uid')
        .select([
          'client_id',
          'application_uid',
          'kind',
          'ip_lock',
          'token_expires_at',
          'access_expires_at',
          'public_key',
          'ip_address',
          'first_access_at',
          'last_access_at',
          'encrypted_app_key',
          'app_data',
        ])
        .where('client_id', '=', clientId)
        .executeTakeFirst();
      return row && toClient(row);
    },

    bind: ({ clientId, applicationId, kind }, publicKey, ip, also) =>
      database.transaction(async () => {
        const now = clock.now();
        const { numUpdatedRows } = await database.db
          .updateTable('client_devices')
          .set({
            public_key: publicKey,
            ip_address: ip,
            first_access_at: now,
            last_access_at: now,
            gateway_uid: kind === 'gateway' ? randomId() : null,
          })
          .where('client_id', '=', clientId)
          .where('public_key', 'is', null)
          .executeTakeFirst();
        const won = numUpdatedRows > 0n;
        if (won) {
          await also({ applicationId, clientId, kind });
        }
        return won;
      }),

    firstUse: ({ clientId, applicationId, kind }, ip, also) =>
      database.transaction(async () => {
        const now = clock.now();
        const { numUpdatedRows } = await database.db
          .updateTable('client_devices')
          .set({
            ip_address: ip,
            first_access_at: now,
            last_access_at: now,
            gateway_uid: kind === 'gateway' ? randomId() : null,
          })
          .where('client_id', '=', clientId)
          .where('first_access_at', 'is', null)
          .executeTakeFirst();
        if (numUpdatedRows > 0n) {
          await also({ applicationId, clientId, kind });
        }
      }),

    touch({ clientId, lastAccessAt }) {
      const now = clock.now();
      const noted = uses.get(clientId) ?? lastAccessAt;
      // A note of the future, from before the clock was set back, counts for no longer than one of the past.
      if (noted !== null && Math.abs(now - noted) < TOUCH_MS) {
        return;
      }
      uses.set(clientId, now);
      // The database counts its failures; a note that stays is no loss.
      flush().catch(() => undefined);
    },

    flush,
  };
}

function toClient(row: {
  client_id: string;
  application_uid: string;
  kind: 'device' | 'gateway';
  ip_lock: SqlBool;
  token_expires_at: number;
  access_expires_at: number | null;
  public_key: Buffer | null;
  ip_address: string | null;
  first_access_at: number | null;
  last_access_at: number | null;
  encrypted_app_key: Buffer;
  app_data: Buffer;
}): Client {
  return {
    clientId: row.client_id,
    applicationId: row.application_uid,
    kind: row.kind,
    ipLock: Boolean(row.ip_lock),
    tokenExpiresAt: row.token_expires_at,
    accessExpiresAt: row.access_expires_at,
    publicKey: row.public_key,
    ipAddress: row.ip_address,
    firstAccessAt: row.first_access_at,
    lastAccessAt: row.last_access_at,
    encryptedAppKey: row.encrypted_app_key,
    appData: row.app_data,
  };
}

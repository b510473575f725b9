/** What a client device and a gateway have in common: how they are issued, what state they are in, how they go. */

import { clientIdOf } from '../../../contract/one-time-token';
import type { DeviceStatus, Initialization, Lapsed } from '../../../contract/types';
import { inPortions } from '../../store/portions';
import type { ClientDeviceTable } from '../../store/schema/vault';
import { randomIdBytes } from '../../world/random-id';
import { optionalTimestamp, timestamp } from '../timestamp';
import type { Credential, Removed } from '../vault';
import { applicationKey } from './application-row';
import { configurationOf } from './configuration';
import type { Context } from './context';
import { encrypt, newDeviceKeyPair } from './crypto';

export type ClientRow = Omit<ClientDeviceTable, 'position' | 'encrypted_app_key'>;
type Kind = ClientDeviceTable['kind'];

const MINUTE_MS = 60_000;
const CLIENT_KEY_BYTES = 32;

const columns = [
  'client_id',
  'application_uid',
  'kind',
  'name',
  'ip_lock',
  'initialization',
  'created_at',
  'token_expires_at',
  'access_expires_at',
  'public_key',
  'ip_address',
  'first_access_at',
  'last_access_at',
  'gateway_uid',
] as const satisfies (keyof ClientRow)[];

/**
 * Makes a client and its credential, which is returned here and stored nowhere.
 *
 * A one-time token is 32 random bytes in base64url, bare, since the host has a
 * port and SDKs split tokens at `:`; the row holds its client id and the
 * application key under it. For a configuration the service redeems the token
 * itself: the row holds the public key of the device from the beginning.
 */
export async function issueClient(
  context: Context,
  input: {
    applicationId: string;
    kind: Kind;
    name: string;
    ipLock: boolean;
    tokenExpiresInMinutes: number;
    initialization?: Initialization | undefined;
    accessExpiresInMinutes?: number | undefined;
  },
): Promise<{ row: ClientRow; credential: Credential }> {
  const { database, clock } = context;
  const { applicationId, accessExpiresInMinutes, initialization = 'token' } = input;
  const clientKey = randomIdBytes(CLIENT_KEY_BYTES);
  const pair = initialization === 'config' ? newDeviceKeyPair() : undefined;
  const now = clock.now();
  const row: ClientRow = {
    client_id: clientIdOf(clientKey),
    application_uid: applicationId,
    kind: input.kind,
    name: input.name,
    ip_lock: input.ipLock,
    initialization,
    created_at: now,
    token_expires_at: pair ? now : now + input.tokenExpiresInMinutes * MINUTE_MS,
    access_expires_at: accessExpiresInMinutes === undefined ? null : now + accessExpiresInMinutes * MINUTE_MS,
    public_key: pair?.publicKey ?? null,
    ip_address: null,
    first_access_at: null,
    last_access_at: null,
    gateway_uid: null,
  };
  return database.transaction(async () => {
    const appKey = await applicationKey(context, applicationId);
    await database.db
      .insertInto('client_devices')
      .values({ ...row, encrypted_app_key: encrypt(clientKey, appKey) })
      .execute();
    const credential: Credential = {
      initialization,
      oneTimeToken: pair ? null : clientKey.toString('base64url'),
      config: pair ? configurationOf(context, { clientId: row.client_id, appKey, privateKey: pair.privateKey }) : null,
    };
    return { row, credential };
  });
}

export function findClient({ database }: Context, kind: Kind, applicationId: string, clientId: string) {
  return database.db
    .selectFrom('client_devices')
    .select(columns)
    .where('client_id', '=', clientId)
    .where('application_uid', '=', applicationId)
    .where('kind', '=', kind)
    .executeTakeFirst();
}

export function listClients(
  { database }: Context,
  kind: Kind,
  applicationId: string,
): Promise<(ClientRow & { position: number })[]> {
  return inPortions(
    (after: number | undefined, limit) =>
      database.db
        .selectFrom('client_devices')
        .select(columns)
        .select('position')
        .where('application_uid', '=', applicationId)
        .where('kind', '=', kind)
        .where('position', '>', after ?? 0)
        .orderBy('position')
        .limit(limit)
        .execute(),
    ({ position }) => position,
  );
}

/** Revokes it: whether there was one. */
export async function removeClient(context: Context, kind: Kind, applicationId: string, clientId: string) {
  const { numDeletedRows } = await context.database.db
    .deleteFrom('client_devices')
    .where('client_id', '=', clientId)
    .where('application_uid', '=', applicationId)
    .where('kind', '=', kind)
    .executeTakeFirst();
  return numDeletedRows > 0n;
}

/** Revokes those that there are. */
export async function removeClients(
  { database }: Context,
  kind: Kind,
  applicationId: string,
  clientIds: readonly string[],
): Promise<Removed> {
  if (clientIds.length === 0) return [];
  const rows = await database.db
    .deleteFrom('client_devices')
    .where('client_id', 'in', clientIds)
    .where('application_uid', '=', applicationId)
    .where('kind', '=', kind)
    .returning(['client_id', 'name'])
    .execute();
  return rows.map(({ client_id, name }) => ({ clientId: client_id, name }));
}

/**
 * The end of the access comes before all else: a token that lapsed as well
 * would be issued again for access that has ended.
 */
export function statusOf(
  client: Pick<ClientRow, 'public_key' | 'token_expires_at' | 'access_expires_at'>,
  now: number,
): { status: DeviceStatus; lapsed: Lapsed } {
  if (client.access_expires_at !== null && now >= client.access_expires_at) {
    return { status: 'ended', lapsed: 'access' };
  }
  if (client.public_key) {
    return { status: 'active', lapsed: null };
  }
  return now >= client.token_expires_at ? { status: 'lapsed', lapsed: 'token' } : { status: 'pending', lapsed: null };
}

export function clientProperties({ clock, hostname }: Context, row: ClientRow) {
  return {
    id: `${row.application_uid}/${row.client_id}`,
    applicationId: row.application_uid,
    clientId: row.client_id,
    name: row.name,
    hostname: hostname(),
    ...statusOf(row, clock.now()),
    createdAt: timestamp(row.created_at),
    tokenExpiresAt: row.initialization === 'config' ? null : timestamp(row.token_expires_at),
    firstAccessAt: optionalTimestamp(row.first_access_at),
    lastAccessAt: optionalTimestamp(row.last_access_at),
    ipAddress: row.ip_address,
  };
}

/** What keeps an application from being deleted: counted in the database, and only the first of them named. */

import type { Dependent } from '../../../contract/errors';
import { DEPENDENTS_MAX_ITEMS } from '../../../contract/limits';
import type { Counts } from '../refused';
import type { Context } from './context';
import { openName } from './name';

interface Dependents {
  /** Of each kind as many as an error names. */
  readonly first: Dependent[];
  readonly counts: Counts;
}

export async function findDependents(context: Context, applicationId: string): Promise<Dependents> {
  const grant = await grants(context, applicationId);
  const client_device = await liveClients(context, applicationId, 'device');
  const gateway = await liveClients(context, applicationId, 'gateway');
  return {
    first: [grant, client_device, gateway].flatMap(({ first }) => first),
    counts: { grant: grant.count, client_device: client_device.count, gateway: gateway.count },
  };
}

interface Part {
  readonly count: number;
  readonly first: Dependent[];
}

async function grants(context: Context, applicationId: string): Promise<Part> {
  const { db } = context.database;
  const { count } = await db
    .selectFrom('grants')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('application_uid', '=', applicationId)
    .executeTakeFirstOrThrow();
  const rows = await db
    .selectFrom('grants')
    .leftJoin('folders', 'folders.uid', 'grants.secret_uid')
    .leftJoin('records', 'records.uid', 'grants.secret_uid')
    .select(['secret_uid', 'folders.sealed_name as folder_name', 'records.sealed_name as record_name'])
    .where('application_uid', '=', applicationId)
    .orderBy('grants.position')
    .limit(DEPENDENTS_MAX_ITEMS)
    .execute();
  const first = rows.map((row) => ({
    kind: 'grant' as const,
    id: `${applicationId}/${row.secret_uid}`,
    name: secretName(context, row),
  }));
  return { count: Number(count), first };
}

/** The name of a granted folder or record, of whichever it is; null when it is neither any more. */
export function secretName(
  context: Context,
  row: { secret_uid: string; folder_name: Buffer | null; record_name: Buffer | null },
): string | null {
  const { secret_uid: uid, folder_name, record_name } = row;
  if (folder_name) {
    return openName(context, 'folders', { uid, sealed_name: folder_name });
  }
  return record_name ? openName(context, 'records', { uid, sealed_name: record_name }) : null;
}

/** Those that can still be redeemed or are in use: of others nobody has anything. */
async function liveClients(context: Context, applicationId: string, kind: 'device' | 'gateway'): Promise<Part> {
  const now = context.clock.now();
  const live = context.database.db
    .selectFrom('client_devices')
    .where('application_uid', '=', applicationId)
    .where('kind', '=', kind)
    .where(({ or, eb }) => or([eb('access_expires_at', 'is', null), eb('access_expires_at', '>', now)]))
    .where(({ or, eb }) => or([eb('public_key', 'is not', null), eb('token_expires_at', '>', now)]));
  const { count } = await live.select(({ fn }) => fn.countAll<number>().as('count')).executeTakeFirstOrThrow();
  const rows = await live.select(['client_id', 'name']).orderBy('position').limit(DEPENDENTS_MAX_ITEMS).execute();
  const first = rows.map(({ client_id, name }) => ({
    kind: kind === 'device' ? ('client_device' as const) : ('gateway' as const),
    id: `${applicationId}/${client_id}`,
    name,
  }));
  return { count: Number(count), first };
}

import type { Dependent } from '../../../contract/errors';
import type { Context } from './context';

/** Without a decryption. */
export async function applicationContents({ database }: Context, id: string, limit: number): Promise<Dependent[]> {
  const clients = await database.db
    .selectFrom('client_devices')
    .select(['client_id', 'kind', 'name'])
    .where('application_uid', '=', id)
    .orderBy('position')
    .limit(limit)
    .execute();
  const grants = await database.db
    .selectFrom('grants')
    .select('secret_uid')
    .where('application_uid', '=', id)
    .orderBy('position')
    .limit(limit - clients.length)
    .execute();
  return [
    ...clients.map(({ client_id, kind, name }) => ({
      kind: kind === 'gateway' ? ('gateway' as const) : ('client_device' as const),
      id: `${id}/${client_id}`,
      name,
    })),
    ...grants.map(({ secret_uid }) => ({ kind: 'grant' as const, id: `${id}/${secret_uid}`, name: null })),
  ];
}

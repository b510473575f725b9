/** What the other nouns ask of an application: that it exists, and its key. */

import { KsmError } from '../../../contract/errors';
import type { ApplicationTable } from '../../store/schema/vault';
import type { Context } from './context';

export type ApplicationRow = Pick<ApplicationTable, 'uid' | 'name' | 'created_at'>;

/** @throws KsmError `application_not_found` */
export async function requireApplication({ database }: Context, id: string): Promise<ApplicationRow> {
  const row = await database.db
    .selectFrom('applications')
    .select(['uid', 'name', 'created_at'])
    .where('uid', '=', id)
    .executeTakeFirst();
  if (!row) {
    throw notFound(id);
  }
  return row;
}

/** The application key in clear. @throws KsmError `application_not_found` */
export async function applicationKey({ database, masterKey }: Context, id: string): Promise<Buffer> {
  const row = await database.db.selectFrom('applications').select('app_key').where('uid', '=', id).executeTakeFirst();
  if (!row) {
    throw notFound(id);
  }
  return masterKey.unseal(row.app_key, { table: 'applications', column: 'app_key', id });
}

function notFound(id: string): KsmError {
  return new KsmError(
    'application_not_found',
    `There is no application ${id}. Check the id; it may have been deleted.`,
  );
}

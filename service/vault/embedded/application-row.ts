/** What the other nouns ask of an application: that it exists, and its key. */

import type { ApplicationTable } from '../../store/schema/vault';
import { applicationNotFound } from '../not-found';
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
    throw applicationNotFound(id);
  }
  return row;
}

/** Where the key of an application is sealed. */
export const applicationKeyPlace = (uid: string) => ({ table: 'applications', column: 'app_key', id: uid });

/** The application key in clear. @throws KsmError `application_not_found` */
export async function applicationKey({ database, masterKey }: Context, id: string): Promise<Buffer> {
  const row = await database.db.selectFrom('applications').select('app_key').where('uid', '=', id).executeTakeFirst();
  if (!row) {
    throw applicationNotFound(id);
  }
  return masterKey.unseal(row.app_key, applicationKeyPlace(id));
}

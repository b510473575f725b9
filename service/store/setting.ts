/** Single values of a service that outlive it: texts in the table `settings`. */

import type { Database } from './database';
import type { SettingTable } from './schema/vault';

export type SettingName = Exclude<SettingTable['name'], 'master_key_check'>;

export async function readSetting({ db }: Pick<Database, 'db'>, name: SettingName): Promise<string | undefined> {
  const row = await db.selectFrom('settings').select('value').where('name', '=', name).executeTakeFirst();
  return row && Buffer.from(row.value).toString();
}

export async function writeSetting({ db }: Database, name: SettingName, text: string): Promise<void> {
  const value = Buffer.from(text);
  await db
    .insertInto('settings')
    .values({ name, value })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
    .execute();
}

export async function eraseSetting({ db }: Database, name: SettingName): Promise<void> {
  await db.deleteFrom('settings').where('name', '=', name).execute();
}

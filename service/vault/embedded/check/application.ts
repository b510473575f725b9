import { nameKey } from '../application';
import { applicationKeyPlace } from '../application-row';
import { decrypt } from '../crypto';
import type { CheckContext } from './context';
import { inPortions, opened } from './portions';

const TABLE = 'applications';

export async function checkApplications(context: CheckContext): Promise<Set<string>> {
  const { db, masterKey, check, applicationKeys } = context;
  const uids = new Set<string>();
  await inPortions(
    (after, limit) =>
      db.selectFrom(TABLE).selectAll().where('position', '>', after).orderBy('position').limit(limit).execute(),
    ({ uid, name, name_key, app_key, app_data }) => {
      check.seen(TABLE);
      uids.add(uid);
      if (name_key !== nameKey(name)) check.found(TABLE, uid, 'it is not found by its name');
      const key = opened(() => masterKey.unseal(app_key, applicationKeyPlace(uid)));
      if (!key) {
        check.found(TABLE, uid, 'its key does not open with the master key');
        return;
      }
      applicationKeys.set(uid, key);
      const data = opened(() => JSON.parse(decrypt(key, app_data).toString()) as { title?: unknown });
      if (!data) check.found(TABLE, uid, 'what devices are told of it does not open with its key');
      else if (data.title !== name) check.found(TABLE, uid, 'devices are told another name of it');
    },
  );
  return uids;
}

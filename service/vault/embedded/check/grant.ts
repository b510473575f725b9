import { decrypt } from '../crypto';
import type { CheckContext } from './context';
import { inPortions, opened } from './portions';

const TABLE = 'grants';

/** @returns Terraform's ids, `<applicationId>/<secretUid>` */
export async function checkGrants(context: CheckContext): Promise<Set<string>> {
  const { db, check, applicationKeys, folderKeys, recordKeys } = context;
  const inner = await db.selectFrom('folders').select('uid').where('parent_uid', 'is not', null).execute();
  const innerFolders = new Set(inner.map(({ uid }) => uid));
  const ids = new Set<string>();
  await inPortions(
    (after, limit) =>
      db.selectFrom(TABLE).selectAll().where('position', '>', after).orderBy('position').limit(limit).execute(),
    ({ application_uid, secret_uid, kind, secret_key }) => {
      const id = `${application_uid}/${secret_uid}`;
      check.seen(TABLE);
      ids.add(id);
      const secretKey = (kind === 'folder' ? folderKeys : recordKeys).get(secret_uid);
      const applicationKey = applicationKeys.get(application_uid);
      if (!secretKey) {
        check.found(TABLE, id, `there is no sound ${kind} ${secret_uid}`);
      } else if (innerFolders.has(secret_uid)) {
        check.found(TABLE, id, 'it grants a folder inside a shared folder, which cannot be granted');
      } else if (!applicationKey) {
        check.found(TABLE, id, 'there is no sound application of it');
      } else if (!opened(() => decrypt(applicationKey, secret_key))?.equals(secretKey)) {
        check.found(TABLE, id, `the key that devices get does not open the ${kind}`);
      }
    },
  );
  return ids;
}

/** Where a record is, in words: the names of the folders above it. */

import type { Context } from './context';
import { openName } from './name';

interface Above {
  readonly name: string;
  readonly parentUid: string | null;
}

/** Paths of these folders, by UID: names from the shared folder on, joined by `/`. One query for each level above them. */
export async function pathsOfFolders(context: Context, uids: Iterable<string>): Promise<Map<string, string>> {
  const asked = [...new Set(uids)];
  const above = new Map<string, Above>();
  for (let level = asked; level.length > 0; ) {
    const rows = await context.database.db
      .selectFrom('folders')
      .select(['uid', 'parent_uid', 'sealed_name'])
      .where(context.database.isOneOf('uid', level))
      .execute();
    for (const row of rows) above.set(row.uid, { name: openName(context, 'folders', row), parentUid: row.parent_uid });
    level = [...new Set(rows.flatMap(({ parent_uid: uid }) => (uid === null || above.has(uid) ? [] : [uid])))];
  }
  const paths = new Map<string, string>();
  for (const uid of asked) {
    const path = pathFrom(above, uid);
    if (path !== undefined) paths.set(uid, path);
  }
  return paths;
}

/** Undefined where a folder was deleted between two queries. */
function pathFrom(above: ReadonlyMap<string, Above>, uid: string): string | undefined {
  const folder = above.get(uid);
  if (folder === undefined || folder.parentUid === null) return folder?.name;
  const parent = pathFrom(above, folder.parentUid);
  return parent === undefined ? undefined : `${parent}/${folder.name}`;
}

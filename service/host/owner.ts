import { statSync } from 'node:fs';
import { userInfo } from 'node:os';
import { StartError } from './start-error';

/**
 * For what works on a data folder beside a service, or in its place. SQLite makes its journal as whoever opens the
 * database: one that root has made, a service that is not root cannot open.
 *
 * @throws StartError `data_folder_of_another`
 */
export function requireOwner(database: string): void {
  const user = process.getuid?.();
  const owner = statSync(database, { throwIfNoEntry: false })?.uid;
  if (user === undefined || owner === undefined || user === owner) return;
  throw new StartError(
    'data_folder_of_another',
    `${database} belongs to the user ${owner}, and this is ${userInfo().username} (${user}): the service could not use what is made beside it. Run this as that user, for instance by: sudo -u '#${owner}' …`,
  );
}

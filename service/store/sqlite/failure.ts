import { StoreError } from '../store-error';

/** What the engine says when the file, its disk or another program is the cause, and what it means in words. */
const UNAVAILABLE = {
  SQLITE_BUSY: 'Another program holds the database.',
  SQLITE_LOCKED: 'Another program holds the database.',
  SQLITE_PROTOCOL: 'Another program holds the database.',
  SQLITE_FULL: 'The disk of the database is full.',
  SQLITE_READONLY: 'The database may only be read.',
  SQLITE_PERM: 'The database may only be read.',
  SQLITE_IOERR: 'The disk of the database fails.',
  SQLITE_CANTOPEN: 'The file of the database cannot be opened.',
  SQLITE_CORRUPT: 'The database is damaged.',
  SQLITE_NOTADB: 'The file of the database is none.',
  SQLITE_NOMEM: 'There is no memory for the database.',
} as const;

type Unavailable = keyof typeof UNAVAILABLE;

/** The engine's own code without what extends it (`SQLITE_IOERR_WRITE` is `SQLITE_IOERR`). */
function primaryCode(error: unknown): string | undefined {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? /^SQLITE_[A-Z]+/.exec(code)?.[0] : undefined;
}

export function isUnavailable(error: unknown): Unavailable | undefined {
  const code = primaryCode(error);
  return code !== undefined && code in UNAVAILABLE ? (code as Unavailable) : undefined;
}

/** Another connection has the lock that is needed: the same call may succeed in a moment. */
export const isBusy = (error: unknown): boolean => primaryCode(error) === 'SQLITE_BUSY';

/** An error whose cause lies outside this program as `database_unavailable`; any other as it is. */
export function asStoreError(error: unknown): unknown {
  const code = isUnavailable(error);
  return code === undefined
    ? error
    : new StoreError('database_unavailable', `${UNAVAILABLE[code]} (${code}: ${(error as Error).message})`, {
        cause: error,
      });
}

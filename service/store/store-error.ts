/** Why a store cannot be opened, or does not answer. */
export type StoreErrorCode =
  /** Written by a newer version of this program. */
  | 'database_newer'
  /** Of an older version, and only looked at: a start of the service brings it to this one. */
  | 'database_older'
  /** Written by something else. */
  | 'database_foreign'
  /** Its pages do not fit together, or its journal is that of another. */
  | 'database_damaged'
  /** Cannot be opened, read or written, for a cause outside this program: the same may succeed later. */
  | 'database_unavailable'
  /** The master key is malformed or others may read it. */
  | 'master_key_invalid'
  /** The database was made with a master key, and there is none. */
  | 'master_key_missing'
  /** Its file cannot be read or made. */
  | 'master_key_unavailable'
  /** The database was made with another master key. */
  | 'master_key_wrong';

/** At start the message names the file and the cure; later the cause alone. It never holds a secret. */
export class StoreError extends Error {
  override readonly name = 'StoreError';

  constructor(
    readonly code: StoreErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

export function isStoreError(error: unknown, ...codes: StoreErrorCode[]): error is StoreError {
  return error instanceof StoreError && codes.includes(error.code);
}

/** Why a service does not start. `StoreError` says why its database does not open. */
export type StartErrorCode =
  /** Cannot be made, read or written. */
  | 'data_folder_unusable'
  /** The database is that of another user of the machine. */
  | 'data_folder_of_another'
  /** Another service has it. */
  | 'data_folder_in_use'
  /** Others may read what they must not. */
  | 'data_folder_exposed'
  /** There are keys of an earlier life in it, and no database. */
  | 'database_missing'
  /** It is that of a service on another kind of vault. */
  | 'vault_kind_changed'
  /** Not of the form host:port, or not to be listened on. */
  | 'listen_refused'
  | 'address_in_use'
  /** A certificate or key of the user's that cannot serve. */
  | 'tls_invalid'
  | 'ready_file_unusable'
  /** Another backup of the folder is being made. */
  | 'backup_running'
  /** Cannot be read or written, or is none, or is damaged. */
  | 'backup_unusable'
  /** Made with another master key. */
  | 'backup_key_wrong';

/** A failure at start: one sentence or two that name the thing and the cure, and never hold a secret. */
export class StartError extends Error {
  override readonly name = 'StartError';

  constructor(
    readonly code: StartErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** The operating system's own code and words for a failed call, for a sentence. */
export function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code ?? message;
}

/** What a vault file says, once read. */
import type { RecordData } from '../../contract/types';

/** A shared folder as the file has it. */
export interface FileFolder {
  /** Where in the file. */
  readonly at: string;
  readonly uid?: string | undefined;
  /** The names of its path, outermost first. */
  readonly names: readonly string[];
  /** The last of them: private folders around it are not kept. */
  readonly name: string;
  /** Its path, equal for equal paths. */
  readonly key: string;
}

/** Where a record lies: in a shared folder, or in a folder inside one. */
export interface Place {
  readonly folder: FileFolder;
  /** Folders inside the shared folder, outermost first. */
  readonly inside: readonly string[];
}

export interface FileRecord {
  readonly at: string;
  readonly uid?: string | undefined;
  /** Undefined: in no folder; it can still be granted by itself. */
  readonly place?: Place | undefined;
  readonly data: RecordData;
}

/** Something in the file that the embedded vault does not take. */
export interface Skipped {
  /** What, as a plural that a count can follow: `attachments`. */
  readonly what: string;
  readonly at: string;
}

export interface VaultFile {
  readonly folders: readonly FileFolder[];
  readonly records: readonly FileRecord[];
  readonly skipped: readonly Skipped[];
}

/** One entry of a record's `folders`. */
export interface RecordPath {
  readonly at: string;
  /** Names of `shared_folder`; empty: `folder` alone. */
  readonly shared: readonly string[];
  readonly folder: readonly string[];
}

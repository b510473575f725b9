/** What a vault file says, once read. */
import type { RecordData } from '../../contract/types';
import type { Fault } from './problems';

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

/** Records that a record names in a field. */
export interface Reference {
  readonly at: string;
  readonly type: string;
  readonly label?: string | undefined;
  /** UIDs of the vault, or what the records are called in this file. */
  readonly to: readonly string[];
}

export interface FileRecord {
  readonly at: string;
  readonly uid?: string | undefined;
  /** What other records of the file call it, where that is no UID. */
  readonly local?: string | undefined;
  /** Undefined: in no folder; it can still be granted by itself. */
  readonly place?: Place | undefined;
  /** Without the fields that `references` fill. */
  readonly data: RecordData;
  readonly references: readonly Reference[];
}

/** Something in the file that the embedded vault does not take. */
export interface Skipped {
  /** What, as a plural that a count can follow: `attachments`. */
  readonly what: string;
  readonly at: string;
  /** The title of the record that it belongs to. */
  readonly of?: string | undefined;
  /** The path of the shared folder that it belongs to. */
  readonly ofFolder?: string | undefined;
}

/** A shared folder inside another: the vault keeps it as a folder of the outer one. */
export interface InnerFolder {
  readonly at: string;
  readonly uid?: string | undefined;
  readonly place: Place;
}

export interface VaultFile {
  readonly folders: readonly FileFolder[];
  /** Folders inside them that the file declares by themselves, outermost first. */
  readonly inner: readonly InnerFolder[];
  readonly records: readonly FileRecord[];
  readonly skipped: readonly Skipped[];
  readonly faults: readonly Fault[];
}

/** One entry of a record's `folders`. */
export interface RecordPath {
  readonly at: string;
  /** Names of `shared_folder`; empty: `folder` alone. */
  readonly shared: readonly string[];
  readonly folder: readonly string[];
}

/**
 * What an import will write, worked out against what the vault has, before anything is sent. Pure but for the UIDs it
 * draws: with those in hand an interrupted import can be repeated.
 */
import { randomBytes } from 'node:crypto';
import type { VaultFolder, VaultFolderCreate, VaultRecord, VaultRecordCreate } from '../../contract/types';
import { type Problem, shown, VaultFileError } from './problems';
import { withReferences } from './record-fields';
import type { FileFolder, FileRecord, InnerFolder, Place, Skipped, VaultFile } from './types';

export type Outcome = 'created' | 'updated' | 'moved' | 'unchanged';

export interface FolderStep {
  readonly kind: 'shared folder' | 'folder';
  readonly outcome: Outcome;
  /** Names from the shared folder to itself, joined by `/`, as the API writes paths. */
  readonly path: string;
  readonly body: VaultFolderCreate & { readonly uid: string };
}

export interface RecordStep {
  /** The record's revision before; undefined: the vault does not have it. */
  readonly revision: number | undefined;
  /** As a folder's, with its title at the end. */
  readonly path: string;
  /** Where it is now, if the file has it elsewhere. */
  readonly movedFrom?: string | undefined;
  /** Equal for records that title and folder alone do not tell apart: they are told apart by their order. */
  readonly twins: string;
  readonly body: VaultRecordCreate & { readonly uid: string };
}

export interface NotInFile {
  readonly kind: 'shared folder' | 'record';
  readonly uid: string;
  readonly path: string;
}

export interface ImportPlan {
  /** Parents first. */
  readonly folders: readonly FolderStep[];
  readonly records: readonly RecordStep[];
  /** What is left out because of what the vault has. */
  readonly skipped: readonly Skipped[];
  /**
   * What the vault has and the file has not: records in the file's shared folders; and shared folders, where the file
   * makes one that it has no UID for, which may be one of them under another name.
   */
  readonly notInFile: readonly NotInFile[];
  /** The UIDs that were drawn for it: made again, the plan has others. */
  readonly drawn: ReadonlySet<string>;
}

/** @throws VaultFileError when the vault has something that the file cannot be matched with */
export function planImport(
  file: VaultFile,
  vault: { readonly folders: readonly VaultFolder[]; readonly records: readonly VaultRecord[] },
): ImportPlan {
  const problems: Problem[] = [];
  const skipped: Skipped[] = [];
  const drawn = new DrawnUids();
  const folders = new FolderPlan(vault.folders, problems, drawn);
  const existing = new Map(vault.records.map((record) => [record.uid, record]));
  for (const folder of [...file.folders, ...file.inner]) {
    if (folder.uid !== undefined && existing.has(folder.uid)) {
      problems.push({ at: `${folder.at}.uid`, message: `is ${shown(folder.uid)}, the UID of a record in the vault.` });
    } else if ('place' in folder) folders.inner(folder);
    else folders.shared(folder);
  }
  const placed = file.records.map((record) => ({ record, folderUid: folders.place(record.place) }));
  const matched = matchRecords(placed, vault.records, skipped, drawn).filter(({ record, uid }) => {
    if (folders.has(uid)) skipped.push({ what: UID_OF_A_FOLDER, at: record.at, of: record.data.title });
    return !folders.has(uid);
  });
  const references = new References(matched, existing, skipped);
  const records = matched.map(({ record, folderUid, found, uid, twins }): RecordStep => {
    const movedFrom = found && found.folderUid !== folderUid ? folders.nameOf(found.folderUid) : undefined;
    const data = withReferences(record.data, references.of(record));
    return { revision: found?.revision, path: pathOf(record), movedFrom, twins, body: { uid, folderUid, data } };
  });
  if (problems.length > 0) throw new VaultFileError(problems);
  // What nobody can tell from a record of the file is listed as such.
  const known = new Set(placed.map(({ record, folderUid }) => titleKey(record.data.title, folderUid)));
  const taken = new Set(records.map(({ body }) => body.uid));
  const recordsLeft = vault.records.flatMap(({ uid, title, folderUid }): NotInFile[] => {
    const folder = taken.has(uid) || known.has(titleKey(title, folderUid)) ? undefined : folders.pathInFile(folderUid);
    return folder === undefined ? [] : [{ kind: 'record', uid, path: `${folder}/${title}` }];
  });
  const notInFile = [...folders.left(), ...recordsLeft];
  return { folders: folders.steps, records, skipped, notInFile, drawn: drawn.uids };
}

const UID_OF_A_FOLDER = 'records whose "uid" is that of a folder in the vault';

interface Placed {
  readonly record: FileRecord;
  readonly folderUid: string | null;
}

interface Matched extends Placed {
  readonly found: VaultRecord | undefined;
  readonly uid: string;
  readonly twins: string;
}

/**
 * By UID, else by title and folder, else, of several of one title in one folder, by their order: what a first import
 * made is in the order of its file. Where the vault has more of them than the file nobody can say which are meant.
 */
function matchRecords(
  placed: readonly Placed[],
  existing: readonly VaultRecord[],
  skipped: Skipped[],
  drawn: DrawnUids,
): Matched[] {
  const byUid = new Map(existing.map((record) => [record.uid, record]));
  const claimed = new Set(placed.map(({ record }) => record.uid));
  const free = groupBy(
    existing.filter(({ uid }) => !claimed.has(uid)),
    ({ title, folderUid }) => titleKey(title, folderUid),
  );
  const keyOf = ({ record, folderUid }: Placed) => titleKey(record.data.title, folderUid);
  const wanted = groupBy(
    placed.filter(({ record }) => record.uid === undefined),
    keyOf,
  );
  return placed.flatMap((item): Matched[] => {
    const { record } = item;
    const twins = keyOf(item);
    if (record.uid !== undefined) return [{ ...item, found: byUid.get(record.uid), uid: record.uid, twins }];
    const candidates = free.get(twins) ?? [];
    const rivals = wanted.get(twins) ?? [];
    if (candidates.length > rivals.length) {
      const uids = candidates.map(({ uid }) => uid).join(', ');
      const what = `records that the vault has more often than the file under one title and folder (give them a "uid", one of ${uids})`;
      skipped.push({ what, at: record.at, of: record.data.title });
      return [];
    }
    const found = candidates[rivals.indexOf(item)];
    return [{ ...item, found, uid: found?.uid ?? drawn.next(), twins }];
  });
}

/** From what the file calls a record to the UID that it has in the vault. */
class References {
  private readonly uids = new Map<string, Set<string>>();

  constructor(
    matched: readonly Matched[],
    private readonly existing: ReadonlyMap<string, VaultRecord>,
    private readonly skipped: Skipped[],
  ) {
    for (const { record, uid } of matched) {
      for (const name of [uid, record.local]) {
        if (name !== undefined) this.uids.set(name, (this.uids.get(name) ?? new Set()).add(uid));
      }
    }
  }

  of({ references, data }: FileRecord) {
    return references.flatMap(({ at, type, label, to }) => {
      const uids = to.flatMap((name) => this.resolve(name, at, data.title));
      return uids.length > 0 ? [{ type, label, uids }] : [];
    });
  }

  private resolve(name: string, at: string, of: string): string[] {
    const [uid, another] = this.uids.get(name) ?? (this.existing.has(name) ? [name] : []);
    if (uid !== undefined && another === undefined) return [uid];
    const whom = uid === undefined ? 'that are neither in the file nor in the vault' : 'whose "uid" several have';
    this.skipped.push({ what: `references to records ${whom}`, at, of });
    return [];
  }
}

class FolderPlan {
  readonly steps: FolderStep[] = [];
  private readonly byUid: ReadonlyMap<string, VaultFolder>;
  private readonly byName: Map<string, VaultFolder[]>;
  /** UIDs of the shared folders of the file, by the path's key. */
  private readonly uids = new Map<string, string>();
  /** Their names, by UID: many records are looked up by it. */
  private readonly inFile = new Map<string, string>();

  constructor(
    existing: readonly VaultFolder[],
    private readonly problems: Problem[],
    private readonly drawn: DrawnUids,
  ) {
    this.byUid = new Map(existing.map((folder) => [folder.uid, folder]));
    this.byName = groupBy(existing, ({ parentUid, name }) => nameKey(parentUid, name));
  }

  has(uid: string): boolean {
    return this.byUid.has(uid);
  }

  /** Where a record of the vault lies, in words. */
  nameOf(uid: string | null): string {
    return uid === null ? 'no folder' : `the folder ${shown(this.byUid.get(uid)?.name ?? uid)}`;
  }

  /** Shared folders that the file does not have, where it makes one that may be such a one under another name. */
  left(): NotInFile[] {
    if (![...this.inFile.keys()].some((uid) => this.drawn.uids.has(uid))) return [];
    return [...this.byUid.values()]
      .filter(({ uid, parentUid }) => parentUid === null && !this.inFile.has(uid))
      .map(({ uid, name }) => ({ kind: 'shared folder', uid, path: name }));
  }

  /** The path of a folder of the vault, if its shared folder is one of the file. */
  pathInFile(uid: string | null): string | undefined {
    const folder = uid === null ? undefined : this.byUid.get(uid);
    if (!folder) return undefined;
    if (folder.parentUid === null) return this.inFile.get(folder.uid);
    const parent = this.pathInFile(folder.parentUid);
    return parent === undefined ? undefined : `${parent}/${folder.name}`;
  }

  shared(folder: FileFolder): void {
    const named = this.byName.get(nameKey(null, folder.name)) ?? [];
    const found = folder.uid === undefined ? named[0] : this.byUid.get(folder.uid);
    if (folder.uid === undefined && named.length > 1) {
      const uids = named.map(({ uid }) => uid).join(', ');
      const message = `has no "uid", and the vault has ${named.length} shared folders of its name: write one of ${uids}.`;
      this.problems.push({ at: folder.at, message });
    }
    if (found?.parentUid) {
      const message = `is ${shown(found.uid)}, the UID of a folder inside a shared folder; take another.`;
      this.problems.push({ at: `${folder.at}.uid`, message });
    }
    const uid = folder.uid ?? found?.uid ?? this.drawn.next();
    // Without a UID the name was matched whatever its letter case: the vault's own stays.
    const name = folder.uid === undefined && found ? found.name : folder.name;
    const outcome = !found ? 'created' : found.name === name ? 'unchanged' : 'updated';
    this.steps.push({ kind: 'shared folder', outcome, path: name, body: { uid, name, parentUid: null } });
    this.uids.set(folder.key, uid);
    this.inFile.set(uid, name);
  }

  /** A folder that the file declares inside a shared folder, under its own UID where that is free. */
  inner({ at, uid, place }: InnerFolder): void {
    const found = uid === undefined ? undefined : this.byUid.get(uid);
    if (found && found.parentUid === null) {
      const message = `is ${shown(found.uid)}, the UID of a shared folder in the vault; folders are not moved into another.`;
      this.problems.push({ at: `${at}.uid`, message });
    } else this.place(place, found ? undefined : uid);
  }

  /**
   * The UID of the folder that a record goes to; folders inside a shared folder are planned on the way.
   *
   * @param uid of the last of them, if it has to be made
   */
  place(place: Place | undefined, uid?: string): string | null {
    if (!place) return null;
    let parentUid = this.uids.get(place.folder.key) ?? '';
    for (const [depth, name] of place.inside.entries()) {
      const path = [place.folder.name, ...place.inside.slice(0, depth + 1)].join('/');
      parentUid = this.inside(parentUid, name, path, depth === place.inside.length - 1 ? uid : undefined);
    }
    return parentUid;
  }

  private inside(parentUid: string, name: string, path: string, uid: string | undefined): string {
    const key = nameKey(parentUid, name);
    const found = this.byName.get(key)?.[0];
    if (found) return found.uid;
    const folder = { uid: uid ?? this.drawn.next(), name, parentUid };
    this.byName.set(key, [folder]);
    this.steps.push({ kind: 'folder', outcome: 'created', path, body: folder });
    return folder.uid;
  }
}

function pathOf({ place, data }: FileRecord): string {
  return [...(place ? [place.folder.name, ...place.inside] : []), data.title].join('/');
}

class DrawnUids {
  readonly uids = new Set<string>();

  /** 16 random bytes. Keeper's may begin with `-`; ours do not, since people pass them to commands. */
  next(): string {
    const uid = randomBytes(16).toString('base64url');
    if (uid.startsWith('-')) return this.next();
    this.uids.add(uid);
    return uid;
  }
}

const nameKey = (parentUid: string | null, name: string) => JSON.stringify([parentUid, name.toLowerCase()]);
const titleKey = (title: string, folderUid: string | null) => JSON.stringify([title, folderUid]);

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}

/**
 * What an import will write, worked out against what the vault has, before anything is sent. Pure but for the UIDs it
 * draws: with those in hand an interrupted import can be repeated.
 */
import { randomBytes } from 'node:crypto';
import type { VaultFolder, VaultFolderCreate, VaultRecord, VaultRecordCreate } from '../../contract/types';
import { type Problem, shown, VaultFileError } from './problems';
import type { FileFolder, FileRecord, Place, VaultFile } from './types';

export type Outcome = 'created' | 'updated' | 'unchanged';

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
  readonly body: VaultRecordCreate & { readonly uid: string };
}

export interface ImportPlan {
  /** Parents first. */
  readonly folders: readonly FolderStep[];
  readonly records: readonly RecordStep[];
}

/** @throws VaultFileError when the vault has something that the file cannot be matched with */
export function planImport(
  file: VaultFile,
  vault: { readonly folders: readonly VaultFolder[]; readonly records: readonly VaultRecord[] },
): ImportPlan {
  const problems: Problem[] = [];
  const folders = new FolderPlan(vault.folders, problems);
  const recordsByUid = new Map(vault.records.map((record) => [record.uid, record]));
  for (const folder of file.folders) {
    if (folder.uid !== undefined && recordsByUid.has(folder.uid)) {
      problems.push({ at: `${folder.at}.uid`, message: `is ${shown(folder.uid)}, the UID of a record in the vault.` });
    } else folders.shared(folder);
  }
  const recordsByTitle = groupBy(vault.records, ({ title, folderUid }) => titleKey(title, folderUid));
  const records = file.records.flatMap((record): RecordStep[] => {
    const folderUid = folders.place(record.place);
    const found = existingRecord(record, folderUid, recordsByUid, recordsByTitle, problems);
    if (record.uid !== undefined && folders.has(record.uid)) {
      problems.push({ at: `${record.at}.uid`, message: `is ${shown(record.uid)}, the UID of a folder in the vault.` });
    }
    if (found && found.folderUid !== folderUid) {
      const [now, wanted] = [folders.nameOf(found.folderUid), folders.nameOf(folderUid)];
      const message = `is ${now} in the vault and ${wanted} in the file; records are not moved: change the file or the "uid".`;
      problems.push({ at: record.at, message });
    }
    const body = { uid: record.uid ?? found?.uid ?? newUid(), folderUid, data: record.data };
    return [{ revision: found?.revision, path: pathOf(record), body }];
  });
  if (problems.length > 0) throw new VaultFileError(problems);
  return { folders: folders.steps, records };
}

function existingRecord(
  { at, uid, data }: FileRecord,
  folderUid: string | null,
  byUid: ReadonlyMap<string, VaultRecord>,
  byTitle: ReadonlyMap<string, readonly VaultRecord[]>,
  problems: Problem[],
): VaultRecord | undefined {
  if (uid !== undefined) return byUid.get(uid);
  const found = byTitle.get(titleKey(data.title, folderUid)) ?? [];
  if (found.length > 1) {
    const uids = found.map((record) => record.uid).join(', ');
    problems.push({
      at,
      message: `has no "uid", and ${found.length} records of its title are in its folder: write one of ${uids}.`,
    });
  }
  return found[0];
}

class FolderPlan {
  readonly steps: FolderStep[] = [];
  private readonly byUid: ReadonlyMap<string, VaultFolder>;
  private readonly byName: Map<string, VaultFolder[]>;
  /** UIDs of the shared folders of the file, by the path's key. */
  private readonly uids = new Map<string, string>();

  constructor(
    existing: readonly VaultFolder[],
    private readonly problems: Problem[],
  ) {
    this.byUid = new Map(existing.map((folder) => [folder.uid, folder]));
    this.byName = groupBy(existing, ({ parentUid, name }) => nameKey(parentUid, name));
  }

  has(uid: string): boolean {
    return this.byUid.has(uid);
  }

  /** In a message: where a record lies. */
  nameOf(uid: string | null): string {
    if (uid === null) return 'in no folder';
    const name = this.byUid.get(uid)?.name ?? this.steps.find(({ body }) => body.uid === uid)?.body.name;
    return `in the folder ${shown(name ?? uid)}`;
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
    const uid = folder.uid ?? found?.uid ?? newUid();
    // Without a UID the name was matched whatever its letter case: the vault's own stays.
    const name = folder.uid === undefined && found ? found.name : folder.name;
    const outcome = !found ? 'created' : found.name === name ? 'unchanged' : 'updated';
    this.steps.push({ kind: 'shared folder', outcome, path: name, body: { uid, name, parentUid: null } });
    this.uids.set(folder.key, uid);
  }

  /** The UID of the folder that a record goes to; folders inside a shared folder are planned on the way. */
  place(place: Place | undefined): string | null {
    if (!place) return null;
    let parentUid = this.uids.get(place.folder.key) ?? '';
    for (const [depth, name] of place.inside.entries()) {
      parentUid = this.inside(parentUid, name, [place.folder.name, ...place.inside.slice(0, depth + 1)].join('/'));
    }
    return parentUid;
  }

  private inside(parentUid: string, name: string, path: string): string {
    const key = nameKey(parentUid, name);
    const found = this.byName.get(key)?.[0];
    if (found) return found.uid;
    const folder = { uid: newUid(), name, parentUid };
    this.byName.set(key, [folder]);
    this.steps.push({ kind: 'folder', outcome: 'created', path, body: folder });
    return folder.uid;
  }
}

function pathOf({ place, data }: FileRecord): string {
  return [...(place ? [place.folder.name, ...place.inside] : []), data.title].join('/');
}

/** 16 random bytes. Keeper's may begin with `-`; ours do not, since people pass them to commands. */
function newUid(): string {
  const uid = randomBytes(16).toString('base64url');
  return uid.startsWith('-') ? newUid() : uid;
}

const nameKey = (parentUid: string | null, name: string) => JSON.stringify([parentUid, name.toLowerCase()]);
const titleKey = (title: string, folderUid: string | null) => JSON.stringify([title, folderUid]);

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}

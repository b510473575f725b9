/** The shared folders of a vault file, and which of a record's paths lie in them. */
import { folderKey, folderNames, folderPath } from './folder-path';
import { folderNameFault } from './members';
import type { Problem } from './problems';
import { shown } from './problems';
import type { FileFolder, InnerFolder, Place, RecordPath, Skipped } from './types';

export class SharedFolders {
  private readonly byKey = new Map<string, FileFolder>();
  readonly inner: InnerFolder[] = [];
  /** Named by records only, not declared; Keeper makes those too. */
  private readonly mentioned = new Map<string, { names: readonly string[]; at: string }>();

  constructor(
    private readonly problems: Problem[],
    private readonly skipped: Skipped[],
  ) {}

  get all(): readonly FileFolder[] {
    return [...this.byKey.values()];
  }

  /** An entry of `shared_folders`. */
  declare(at: string, uid: string | undefined, path: string | undefined): void {
    const names = folderNames(path ?? '');
    const name = names.at(-1);
    if (name === undefined) {
      this.problems.push({ at: `${at}.path`, message: 'is missing; write the name of the shared folder.' });
      return;
    }
    const fault = folderNameFault(name);
    if (fault) this.problems.push({ at: `${at}.path`, message: fault });
    const twin = this.byKey.get(folderKey(names));
    if (twin) {
      const message = `is ${shown(folderPath(names))}, as that of ${twin.at} (letter case does not count); remove one.`;
      this.problems.push({ at: `${at}.path`, message });
      return;
    }
    this.add(names, at, uid);
  }

  /** The `shared_folder` of a record. */
  mention(names: readonly string[], at: string): void {
    const key = folderKey(names);
    if (names.length > 0 && !this.mentioned.has(key)) this.mentioned.set(key, { names, at: `${at}.shared_folder` });
  }

  /**
   * Adds the shared folders that only records name, outermost first, makes those inside another folders of it, and
   * tells apart what has one name.
   */
  settle(): void {
    for (const folder of [...this.all].sort(byDepth)) {
      if (!this.enclosing(folder.names.slice(0, -1))) continue;
      this.byKey.delete(folder.key);
      const { at, uid } = folder;
      this.inner.push({ at, uid, place: this.enclosing(folder.names)! });
      this.skipped.push({
        what: 'shared folders inside another, as such (they are folders of the outer one, which alone can be granted)',
        at,
      });
    }
    for (const { names, at } of [...this.mentioned.values()].sort(byDepth)) {
      if (!this.enclosing(names)) this.add(names, at, undefined);
    }
    this.tellApart();
  }

  /** Without a UID a folder is known by its name alone: of those that share one, it takes its whole path for a name. */
  private tellApart(): void {
    const times = new Map<string, number>();
    for (const { name } of this.all) times.set(name.toLowerCase(), (times.get(name.toLowerCase()) ?? 0) + 1);
    for (const folder of this.all) {
      if (folder.uid !== undefined || folder.names.length === 1 || times.get(folder.name.toLowerCase()) === 1) continue;
      this.byKey.set(folder.key, { ...folder, name: folder.names.join('/') });
      this.skipped.push({
        what: 'names of shared folders that several have (their paths are their names)',
        at: folder.at,
      });
    }
  }

  /** Where a record goes: the first of its paths in a shared folder; the others are noted as left out. */
  place(paths: readonly RecordPath[], of: string): Place | undefined {
    let place: Place | undefined;
    for (const { at, shared, folder } of paths) {
      const found = this.enclosing([...shared, ...folder]);
      if (!found) this.skipped.push({ what: 'private folders of records', at, of });
      else if (place)
        this.skipped.push({ what: 'further folders of records that lie in a shared folder already', at, of });
      else place = found;
    }
    return place;
  }

  /** The outermost shared folder on this path, and the names that are left inside it. */
  private enclosing(names: readonly string[]): Place | undefined {
    for (let length = 1; length <= names.length; length++) {
      const folder = this.byKey.get(folderKey(names.slice(0, length)));
      if (folder) return { folder, inside: names.slice(length) };
    }
    return undefined;
  }

  private add(names: readonly string[], at: string, uid: string | undefined): void {
    this.byKey.set(folderKey(names), { at, uid, names, name: names.at(-1)!, key: folderKey(names) });
    if (names.length > 1) this.skipped.push({ what: 'private folders around shared folders', at });
  }
}

const byDepth = (a: { names: readonly string[] }, b: { names: readonly string[] }) => a.names.length - b.names.length;

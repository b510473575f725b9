/** Folder paths of Keeper's import format: names between backslashes, a backslash in a name doubled. */

/**
 * The names of a path, outermost first; blanks around a name and empty names do not count, as with Keeper's importer.
 * @example `Testing\My Customer` → `['Testing', 'My Customer']`; `a\\b` (one name) → `['a\b']`
 */
export function folderNames(path: string): string[] {
  const names: string[] = [];
  let name = '';
  for (let at = 0; at < path.length; at++) {
    if (path[at] !== '\\') name += path[at];
    else if (path[at + 1] === '\\') {
      name += '\\';
      at++;
    } else {
      names.push(name);
      name = '';
    }
  }
  names.push(name);
  return names.map((part) => part.trim()).filter((part) => part !== '');
}

/** These names as a path, for messages: `folderNames` reads them back unless one begins with a backslash. */
export function folderPath(names: readonly string[]): string {
  return names.map((name) => name.replaceAll('\\', '\\\\')).join('\\');
}

/** Equal for two paths that Keeper takes for the same: letter case does not count. */
export function folderKey(names: readonly string[]): string {
  return JSON.stringify(names.map((name) => name.toLowerCase()));
}

/** Says what an import did, and what it left out. */
import { printable } from '../private/printable';
import type { Counts, ImportResult } from './apply';
import type { Fault } from './problems';
import type { Skipped, VaultFile } from './types';

/** How many of the records and folders that lack one kind of thing are named. */
const NAMED = 3;
const MAX_LINES_SHOWN = 20;

/**
 * One line for what was imported, one for each record that was moved or lost a field, then one for each kind of thing
 * left out.
 */
export function summaryLines(
  result: ImportResult,
  { skipped, faults }: Pick<VaultFile, 'skipped' | 'faults'>,
  { dryRun = false }: { readonly dryRun?: boolean | undefined } = {},
): string[] {
  const inner =
    result.folders.created > 0 ? [counted(result.folders, 'folder inside them', 'folders inside them')] : [];
  const parts = [
    counted(result.sharedFolders, 'shared folder', 'shared folders'),
    ...inner,
    counted(result.records, 'record', 'records'),
  ];
  const moved = result.items.flatMap(({ path, movedFrom }) =>
    movedFrom === undefined ? [] : [`  ${quoted(path)}, from ${movedFrom}`],
  );
  const erased = result.items.flatMap((item) =>
    item.erased.length === 0 ? [] : [`  ${quoted(item.path)}: ${item.erased.map(quoted).join(', ')}`],
  );
  const left = skippedKinds([...skipped, ...result.skipped]).map(({ what, count, first, folders, records }) => {
    const owners = [...folders.map((path) => `the shared folder ${quoted(path)}`), ...records.map(quoted)];
    const names = owners.slice(0, NAMED).join(', ');
    const more = owners.length > NAMED ? ` and ${owners.length - NAMED} more` : '';
    return `  ${what}: ${count} (${names === '' ? `first: ${first}` : `of ${names}${more}`})`;
  });
  return [
    `${dryRun ? 'Nothing was written. It would import' : 'Imported'} ${parts.join(', ')}.`,
    ...(moved.length > 0 ? [dryRun ? 'It would move:' : 'Moved:', ...moved] : []),
    ...(erased.length > 0
      ? [`${dryRun ? 'It would erase' : 'Erased'}, since the file has no such fields:`, ...erased]
      : []),
    ...notInFileLines(result),
    ...(left.length > 0 ? ['Not imported:', ...left] : []),
    ...faultLines(faults, ({ wholeRecord }) => wholeRecord, 'Records that cannot be read, and are left out:'),
    ...faultLines(faults, ({ wholeRecord }) => !wholeRecord, 'What cannot be read in records is left out of them:'),
  ];
}

/** What was renamed or moved, and has no Keeper UID in the file, is a new thing: the old one stays, and who is granted it. */
function notInFileLines({ notInFile }: ImportResult): string[] {
  const title = 'In the vault and not in the file; they stay, with what is granted of them (ksm-iac vault delete UID):';
  return listed(
    title,
    notInFile.map(({ kind, uid, path }) => `${kind === 'record' ? '' : 'the shared folder '}${quoted(path)} ${uid}`),
  );
}

function faultLines(faults: readonly Fault[], of: (fault: Fault) => boolean, title: string): string[] {
  return listed(
    title,
    faults
      .filter(of)
      .map((fault) => `${fault.at}${fault.of === undefined ? '' : ` (of ${quoted(fault.of)})`} ${fault.message}`),
  );
}

/** Under its title, cut where nobody would read on; nothing without items. */
function listed(title: string, items: readonly string[]): string[] {
  if (items.length === 0) return [];
  const more = items.length - MAX_LINES_SHOWN;
  const lines = items.slice(0, MAX_LINES_SHOWN).map((item) => `  ${item}`);
  return [title, ...lines, ...(more > 0 ? [`  … and ${more} more.`] : [])];
}

export interface SkippedKind {
  readonly what: string;
  readonly count: number;
  /** Where in the file. */
  readonly first: string;
  /** Paths of the shared folders that lack it now, each once. */
  readonly folders: readonly string[];
  /** Titles of the records that lack it now, each once. */
  readonly records: readonly string[];
}

/** What was left out, by kind, most frequent first. */
export function skippedKinds(skipped: readonly Skipped[]): SkippedKind[] {
  const kinds = new Map<string, SkippedKind & { count: number; folders: string[]; records: string[] }>();
  for (const { what, at, of, ofFolder } of skipped) {
    const kind = kinds.get(what) ?? { what, count: 0, first: at, folders: [], records: [] };
    kind.count++;
    if (ofFolder !== undefined && !kind.folders.includes(ofFolder)) kind.folders.push(ofFolder);
    if (of !== undefined && !kind.records.includes(of)) kind.records.push(of);
    kinds.set(what, kind);
  }
  return [...kinds.values()].sort((a, b) => b.count - a.count);
}

const quoted = (text: string) => JSON.stringify(printable(text));

function counted(counts: Counts, one: string, many: string): string {
  const total = counts.created + counts.updated + counts.moved + counts.unchanged;
  const parts = (['created', 'updated', 'moved', 'unchanged'] as const)
    .filter((outcome) => counts[outcome] > 0)
    .map((outcome) => `${counts[outcome]} ${outcome}`);
  return `${total} ${total === 1 ? one : many}${parts.length > 0 ? ` (${parts.join(', ')})` : ''}`;
}

/** Says what an import did, and what it left out. */
import type { Counts, ImportResult } from './apply';
import type { Skipped } from './types';

/** One line for what was imported, then one for each kind of thing that was not. */
export function summaryLines(result: ImportResult, skipped: readonly Skipped[]): string[] {
  const inner =
    result.folders.created > 0 ? [counted(result.folders, 'folder inside them', 'folders inside them')] : [];
  const parts = [
    counted(result.sharedFolders, 'shared folder', 'shared folders'),
    ...inner,
    counted(result.records, 'record', 'records'),
  ];
  const left = skippedKinds(skipped).map(({ what, count, first }) => `  ${what}: ${count} (first: ${first})`);
  return [`Imported ${parts.join(', ')}.`, ...(left.length > 0 ? ['Not imported:', ...left] : [])];
}

/** What was left out, by kind, most frequent first. */
export function skippedKinds(skipped: readonly Skipped[]): Array<{ what: string; count: number; first: string }> {
  const kinds = new Map<string, { what: string; count: number; first: string }>();
  for (const { what, at } of skipped) {
    const kind = kinds.get(what) ?? { what, count: 0, first: at };
    kind.count++;
    kinds.set(what, kind);
  }
  return [...kinds.values()].sort((a, b) => b.count - a.count);
}

function counted(counts: Counts, one: string, many: string): string {
  const total = counts.created + counts.updated + counts.unchanged;
  const parts = (['created', 'updated', 'unchanged'] as const)
    .filter((outcome) => counts[outcome] > 0)
    .map((outcome) => `${counts[outcome]} ${outcome}`);
  return `${total} ${total === 1 ? one : many}${parts.length > 0 ? ` (${parts.join(', ')})` : ''}`;
}

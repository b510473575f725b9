/** What a record loses when other data take the place of its own: whoever replaces it by a file wants to be told. */

import type { RecordData } from '../../../contract/types';

/** Labels, or else types, of the fields that had a value and of which there are fewer now; `notes` too. Never a value. */
export function erasedFields(before: RecordData, after: RecordData): string[] {
  const left = filled(after);
  const erased = [...filled(before)].filter(([key, { count }]) => (left.get(key)?.count ?? 0) < count);
  const names = erased.map(([, { name }]) => name);
  return before.notes && !after.notes ? [...names, 'notes'] : names;
}

/** Fields with a value, by type and label, wherever they stand: a standard field may have been a custom one before. */
function filled({ fields, custom = [] }: RecordData): Map<string, { name: string; count: number }> {
  const found = new Map<string, { name: string; count: number }>();
  for (const { type, label, value } of [...fields, ...custom]) {
    if (value.length === 0) continue;
    const key = JSON.stringify([type, label || '']);
    found.set(key, { name: label || type, count: (found.get(key)?.count ?? 0) + 1 });
  }
  return found;
}

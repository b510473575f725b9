/** The name of a few that was meant: the same but for its letters' case, `_` and `-`, or with at most two letters wrong. */
export function nearest(text: string, names: readonly string[]): string | undefined {
  const same = names.find((name) => plain(name) === plain(text));
  if (same !== undefined) return same;
  // Of a short one everything is near.
  const limit = Math.min(2, Math.floor(text.length / 3));
  return names
    .map((name) => ({ name, distance: distance(text, name) }))
    .filter((one) => one.distance <= limit)
    .sort((one, other) => one.distance - other.distance)[0]?.name;
}

const plain = (text: string) => text.replace(/[_-]/g, '').toLowerCase();

/** Letters to change, to add, to take away or to swap with their neighbour. */
function distance(one: string, other: string): number {
  let [before, last] = [[] as number[], Array.from({ length: other.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= one.length; i++) {
    const row = [i];
    for (let j = 1; j <= other.length; j++) {
      const change = one[i - 1] === other[j - 1] ? 0 : 1;
      row[j] = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + change);
      if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]) {
        row[j] = Math.min(row[j]!, before[j - 2]! + 1);
      }
    }
    [before, last] = [last, row];
  }
  return last[other.length]!;
}

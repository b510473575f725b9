/** Reading much without stopping others: in portions, between which they get their turn. */

import { turn } from '../world/timers';

/** Some 10 ms of reading. */
export const ROWS_A_PORTION = 500;

/**
 * All rows of a query in the order of a key that grows.
 *
 * @param page the rows behind `after` (undefined: from the first on), `limit` at most
 */
export async function inPortions<Row, Key>(
  page: (after: Key | undefined, limit: number) => Promise<Row[]>,
  keyOf: (row: Row) => Key,
): Promise<Row[]> {
  const rows: Row[] = [];
  for (let after: Key | undefined; ; ) {
    const portion = await page(after, ROWS_A_PORTION);
    for (const row of portion) rows.push(row);
    if (portion.length < ROWS_A_PORTION) return rows;
    after = keyOf(portion.at(-1)!);
    await turn();
  }
}

/** As `map`, with turns for others. */
export async function mapInPortions<T, U>(items: readonly T[], change: (item: T) => U): Promise<U[]> {
  const changed: U[] = [];
  for (let start = 0; start < items.length; start += ROWS_A_PORTION) {
    if (start > 0) await turn();
    for (const item of items.slice(start, start + ROWS_A_PORTION)) changed.push(change(item));
  }
  return changed;
}

/** Tables of any size are read in portions: records are up to 1 MB each. */
const PORTION = 200;

/** Calls `each` for all rows in the order of their position. */
export async function inPortions<Row extends { position: number }>(
  read: (after: number, limit: number) => Promise<Row[]>,
  each: (row: Row) => void,
): Promise<void> {
  for (let after = 0; ; ) {
    const rows = await read(after, PORTION);
    for (const row of rows) each(row);
    if (rows.length < PORTION) return;
    after = rows[rows.length - 1]!.position;
  }
}

/** What opening gives; undefined where it does not open, for whatever reason. */
export function opened<T>(open: () => T): T | undefined {
  try {
    return open();
  } catch {
    return undefined;
  }
}

/** Tables for people: a line an item, columns as wide as what is in them. Programs take `--json`. */
import { cut, printable, widthOf } from './printable';

export interface Column<T> {
  /** Upper case, as in `UID`. */
  readonly heading: string;
  /** Null and empty: shown as `-`. */
  readonly value: (item: T) => string | null | undefined;
  /** UIDs and ids: never cut, since people copy them. */
  readonly whole?: true;
}

const GAP = '  ';
const NOTHING = '-';
/** No column is cut to less. */
const MIN_WIDTH = 8;

/**
 * The heading and a line an item. Where they go to a terminal, `width` is its number of columns: the widest values are
 * cut until the lines fit. A last column that takes more than half of it, or does not fit, stands below its line.
 */
export function tableLines<T>(items: readonly T[], columns: readonly Column<T>[], width = Infinity): string[] {
  const rows = items.map((item) => columns.map(({ value }) => printable(value(item) || NOTHING)));
  const cells = [columns.map(({ heading }) => heading), ...rows];
  const natural = columns.map((_, index) => cells.reduce((most, row) => Math.max(most, widthOf(row[index]!)), 0));
  const shrinks = columns.map(({ whole }) => !whole);
  const last = columns.length - 1;
  const widths = natural[last]! > width / 2 ? natural : shrunk(natural, shrinks, width);
  if (total(widths) <= width) return cells.map((row) => line(row, widths));
  const first = shrunk(natural.slice(0, last), shrinks, width);
  return cells.flatMap((row) => [line(row.slice(0, last), first), `${GAP}${row[last]}`]);
}

/** Takes columns of the terminal from the widest that may shrink, until all fit or none can give any more. */
function shrunk(natural: readonly number[], shrinks: readonly boolean[], limit: number): number[] {
  const widths = [...natural];
  for (let over = total(widths) - limit; over > 0; over--) {
    let widest = -1;
    for (const [index, width] of widths.entries()) {
      if (shrinks[index] && width > MIN_WIDTH && width > (widths[widest] ?? 0)) widest = index;
    }
    if (widest < 0) break;
    widths[widest]!--;
  }
  return widths;
}

function total(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + width, 0) + GAP.length * (widths.length - 1);
}

function line(row: readonly string[], widths: readonly number[]): string {
  return row
    .map((cell, index) => {
      const shown = cut(cell, widths[index]!);
      return shown + ' '.repeat(widths[index]! - widthOf(shown));
    })
    .join(GAP)
    .trimEnd();
}

/** A time of the API for people: to the second, in UTC. */
export function timeText(time: string | null | undefined): string | null {
  return time ? time.replace(/\.\d+(?=Z$)/, '') : null;
}

/** How every `list` command prints: a table for people, the API's own items for programs. */
import { styled } from './style';
import { type Column, tableLines } from './table';

export interface Listing<T> {
  readonly columns: readonly Column<T>[];
  /** A sentence, without its end mark: what there is none of. */
  readonly none: string;
}

/** Standard output is the list alone: that there is nothing in it is said on standard error. */
export function printList<T>(
  items: readonly T[],
  { columns, none }: Listing<T>,
  json: true | undefined,
  out: NodeJS.WriteStream = process.stdout,
): void {
  if (json) {
    out.write(`${JSON.stringify(items, undefined, 2)}\n`);
  } else if (items.length > 0) {
    const [headings, ...lines] = tableLines(items, columns, out.isTTY ? out.columns : undefined);
    out.write(`${[styled('bold', headings!, out), ...lines].join('\n')}\n`);
  } else {
    process.stderr.write(`ksm-iac: ${none}.\n`);
  }
}

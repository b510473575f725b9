/** Lists that are paged by the position of their rows, of every driver of the port and of the service itself. */

import { KsmError } from '../../contract/errors';
import type { Page } from '../../contract/types';
import type { PageRequest } from './vault';

/**
 * The position that the page begins behind; `start` without a cursor.
 *
 * @throws KsmError `invalid_request` for a cursor that is not one of ours
 */
export function positionOf({ cursor }: PageRequest, start: number): number {
  if (cursor === undefined) {
    return start;
  }
  const text = Buffer.from(cursor, 'base64url').toString();
  if (!/^[1-9]\d{0,14}$/.test(text)) {
    const message = `is ${JSON.stringify(cursor.slice(0, 40))} where the nextCursor of a page before is expected`;
    throw new KsmError('invalid_request', `The cursor ${message}. Begin again without a cursor.`, {
      errors: [{ field: 'query/cursor', message }],
    });
  }
  return Number(text);
}

/** A page of rows that were read in the order of `position`, with one more than the limit if there is one. */
export function pageOf<Row extends { position: number }, Item>(
  rows: readonly Row[],
  { limit }: PageRequest,
  toItem: (row: Row) => Item,
): Page<Item> {
  const items = rows.slice(0, limit).map(toItem);
  const last = rows[limit - 1];
  return rows.length > limit && last
    ? { items, nextCursor: Buffer.from(String(last.position)).toString('base64url') }
    : { items };
}

/** A page of what is all there already; a cursor is how far the pages before went. */
export function pageWithin<T, Item>(all: readonly T[], request: PageRequest, toItem: (one: T) => Item): Page<Item> {
  const from = positionOf(request, 0);
  const rows = all.slice(from, from + request.limit + 1).map((one, index) => ({ one, position: from + index + 1 }));
  return pageOf(rows, request, ({ one }) => toItem(one));
}

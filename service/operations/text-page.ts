/** Lists that are paged by texts that their rows are ordered by, as rows without a position are. */

import { KsmError } from '../../contract/errors';
import type { Page } from '../../contract/types';
import type { PageRequest } from '../vault/vault';

/**
 * What the last row of the page before was ordered by; undefined without a cursor.
 *
 * @throws KsmError `invalid_request` for a cursor that is not one of ours
 */
export function keysetOf({ cursor }: PageRequest): string[] | undefined {
  if (cursor === undefined) return undefined;
  const text = Buffer.from(cursor, 'base64url').toString();
  if (/^[\x21-\x7e]+( [\x21-\x7e]+)*$/.test(text)) return text.split(' ');
  const message = `is ${JSON.stringify(cursor.slice(0, 40))} where the nextCursor of a page before is expected`;
  throw new KsmError('invalid_request', `The cursor ${message}. Begin again without a cursor.`, {
    errors: [{ field: 'query/cursor', message }],
  });
}

/** A page of rows that were read with one more than the limit if there is one. */
export function pageAfter<Row, Item>(
  rows: readonly Row[],
  { limit }: PageRequest,
  toItem: (row: Row) => Item,
  keyset: (row: Row) => readonly string[],
): Page<Item> {
  const items = rows.slice(0, limit).map(toItem);
  const last = rows[limit - 1];
  return rows.length > limit && last
    ? { items, nextCursor: Buffer.from(keyset(last).join(' ')).toString('base64url') }
    : { items };
}

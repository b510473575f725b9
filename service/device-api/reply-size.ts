import { DeviceError } from './device-error';

/**
 * Most bytes of one reply, in clear. A reply is in memory several times over
 * while it is made (rows, base64, JSON, ciphertext), for each device that asks.
 */
export const REPLY_LIMIT_BYTES = 64 * 1_048_576;

/** Keys, UIDs and the names of members around each item. */
const BYTES_AROUND_ITEM = 400;

/**
 * Asked before a text is built.
 *
 * @param bytes of the stored items, which a reply carries in base64
 * @throws DeviceError `bad_request`
 */
export function refuseTooLarge({ items, bytes }: { items: number; bytes: number }, limit: number): void {
  const expected = Math.ceil((bytes * 4) / 3) + items * BYTES_AROUND_ITEM;
  if (expected > limit) {
    throw new DeviceError(
      'bad_request',
      `The reply would have about ${mebibytes(expected)} MiB (${items} items), more than ${mebibytes(limit)}. Ask for some records or folders by their UIDs, or grant the application less`,
    );
  }
}

const mebibytes = (bytes: number): string => (bytes / 1_048_576).toFixed(1).replace(/\.0$/, '');

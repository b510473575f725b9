/** What is drawn at random and passed to commands by people: never with a dash first, which a command line would take for an option. */

import { randomBytes } from './random';

const ID_BYTES = 16;

/** Bytes whose base64url does not begin with a dash. */
export function randomIdBytes(length: number): Buffer {
  for (;;) {
    const bytes = randomBytes(length);
    if (!bytes.toString('base64url').startsWith('-')) return bytes;
  }
}

/** 16 bytes in base64url: 22 characters, as Keeper's UIDs. */
export const randomId = (): string => randomIdBytes(ID_BYTES).toString('base64url');

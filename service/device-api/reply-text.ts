/** The text of a reply, encrypted while it is written: in portions, so that nobody waits for a large one. */

import { encryptor } from '../vault/embedded/crypto';
import { turn } from '../world/timers';

/** Some 5 ms of writing. */
const BYTES_A_PORTION = 256 * 1024;

/** Items of a reply that are written one after another. */
export class Many<T = unknown> {
  constructor(
    readonly items: readonly T[],
    readonly toReply: (item: T) => object,
  ) {}
}

/** What JSON has, and `Many` where an array is. */
export async function encryptedText(key: Buffer, reply: object): Promise<Buffer> {
  const cipher = encryptor(key);
  let open = '';
  for (const piece of pieces(reply)) {
    open += piece;
    if (open.length < BYTES_A_PORTION) continue;
    cipher.write(Buffer.from(open));
    open = '';
    await turn();
  }
  cipher.write(Buffer.from(open));
  return cipher.end();
}

function* pieces(value: unknown): Generator<string> {
  if (value instanceof Many) {
    yield* list(value.items, function* (item) {
      yield JSON.stringify(value.toReply(item));
    });
  } else if (Array.isArray(value)) {
    yield* list(value, pieces);
  } else if (typeof value === 'object' && value !== null) {
    yield '{';
    let before = '';
    for (const [name, member] of Object.entries(value)) {
      if (member === undefined) continue;
      yield `${before}${JSON.stringify(name)}:`;
      yield* pieces(member);
      before = ',';
    }
    yield '}';
  } else {
    yield JSON.stringify(value);
  }
}

function* list<T>(items: readonly T[], write: (item: T) => Generator<string>): Generator<string> {
  yield '[';
  for (const [index, item] of items.entries()) {
    if (index > 0) yield ',';
    yield* write(item);
  }
  yield ']';
}

import { type CipherKey, createCipheriv, createDecipheriv } from 'node:crypto';
import { randomBytes } from '../world/random';

const ALGORITHM = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;

/**
 * AES-256-GCM in Keeper's layout: 12-byte IV ‖ ciphertext ‖ 16-byte tag.
 *
 * @param key 32 bytes
 * @param context what the text belongs to: it opens under the same context alone
 */
export function seal(key: CipherKey, text: Uint8Array, context?: Uint8Array): Buffer {
  const sealed = sealer(key, context);
  sealed.write(text);
  return sealed.end();
}

/** As `seal`, of a text that comes in pieces. */
export interface Sealer {
  write(text: Uint8Array): void;
  end(): Buffer;
}

export function sealer(key: CipherKey, context?: Uint8Array): Sealer {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(ALGORITHM, key, iv);
  if (context) {
    cipher.setAAD(context);
  }
  const pieces: Buffer[] = [iv];
  return {
    write: (text) => void pieces.push(cipher.update(text)),
    end: () => Buffer.concat([...pieces, cipher.final(), cipher.getAuthTag()]),
  };
}

/** @throws SealError when key, context or bytes are not those of the sealing */
export function unseal(key: CipherKey, sealed: Uint8Array, context?: Uint8Array): Buffer {
  if (sealed.length < IV_BYTES + TAG_BYTES) {
    throw new SealError();
  }
  const end = sealed.length - TAG_BYTES;
  const decipher = createDecipheriv(ALGORITHM, key, sealed.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES });
  decipher.setAuthTag(sealed.subarray(end));
  if (context) {
    decipher.setAAD(context);
  }
  const text = decipher.update(sealed.subarray(IV_BYTES, end));
  try {
    return Buffer.concat([text, decipher.final()]);
  } catch {
    throw new SealError();
  }
}

/** What was sealed does not open: another key, another place or changed bytes. */
export class SealError extends Error {
  override readonly name = 'SealError';

  constructor() {
    super('The sealed bytes do not open with this key at this place');
  }
}

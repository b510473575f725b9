/**
 * Keeper's formats in bytes, without any state: keys, UIDs, client ids and
 * the ciphers that devices understand.
 */

import {
  createCipheriv,
  createDecipheriv,
  createECDH,
  createHash,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  verify,
} from 'node:crypto';
import { type Sealer, seal, sealer, unseal } from '../../store/sealing';
import { randomBytes } from '../../world/random';

const CURVE = 'prime256v1';
export const PUBLIC_KEY_BYTES = 65;
/** First byte of a point of which both coordinates follow (SEC 1, section 2.3.3). */
const UNCOMPRESSED = 4;
const CBC_IV_BYTES = 16;

/** AES-256-GCM: 12-byte IV ‖ ciphertext ‖ 16-byte tag. */
export const encrypt = (key: Uint8Array, text: Uint8Array): Buffer => seal(key, text);
/** As `encrypt`, of a text that comes in pieces. */
export const encryptor = (key: Uint8Array): Sealer => sealer(key);
/** @throws SealError when the bytes are not of this key */
export const decrypt = (key: Uint8Array, bytes: Uint8Array): Buffer => unseal(key, bytes);

/** AES-256-CBC with PKCS#7: 16-byte IV ‖ ciphertext. Keeper uses it for folder names and the keys of subfolders. */
export function encryptCbc(key: Uint8Array, text: Uint8Array): Buffer {
  const iv = randomBytes(CBC_IV_BYTES);
  const cipher = createCipheriv('aes-256-cbc', key, iv);
  return Buffer.concat([iv, cipher.update(text), cipher.final()]);
}

export function decryptCbc(key: Uint8Array, bytes: Uint8Array): Buffer {
  const decipher = createDecipheriv('aes-256-cbc', key, bytes.subarray(0, CBC_IV_BYTES));
  return Buffer.concat([decipher.update(bytes.subarray(CBC_IV_BYTES)), decipher.final()]);
}

/** An application, folder or record key: 32 random bytes. */
export const newKey = (): Buffer => randomBytes(32);

/** A P-256 key pair: the private scalar (32 bytes) and the uncompressed public point (65 bytes). */
export function newKeyPair(): { privateKey: Buffer; publicKey: Buffer } {
  const pair = createECDH(CURVE);
  const publicKey = pair.generateKeys();
  const scalar = pair.getPrivateKey();
  // OpenSSL drops leading zeros of the scalar.
  return { privateKey: Buffer.concat([Buffer.alloc(32 - scalar.length), scalar]), publicKey };
}

/**
 * A device's key pair: the private key as PKCS#8 in DER, the public one as 65 bytes. The JavaScript SDK parses no DER,
 * it takes both keys from where Node writes them: with the public key in it, 138 bytes.
 */
export function newDeviceKeyPair(): { privateKey: Buffer; publicKey: Buffer } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: CURVE });
  return {
    privateKey: privateKey.export({ format: 'der', type: 'pkcs8' }),
    publicKey: publicKey.export({ format: 'der', type: 'spki' }).subarray(-PUBLIC_KEY_BYTES),
  };
}

/** Opens what was encrypted to a public key by ECIES: ephemeral public key ‖ AES-256-GCM under SHA-256(shared secret). */
export function eciesOpener(privateKey: Uint8Array): (bytes: Uint8Array) => Buffer {
  const pair = createECDH(CURVE);
  pair.setPrivateKey(privateKey);
  return (bytes) => {
    const secret = pair.computeSecret(bytes.subarray(0, PUBLIC_KEY_BYTES));
    return decrypt(createHash('sha256').update(secret).digest(), bytes.subarray(PUBLIC_KEY_BYTES));
  };
}

/** Encrypts to a public key of 65 bytes, so that `eciesOpener` of its private key opens it. */
export function encryptTo(publicKey: Uint8Array, text: Uint8Array): Buffer {
  const ephemeral = createECDH(CURVE);
  const ephemeralPublicKey = ephemeral.generateKeys();
  const key = createHash('sha256').update(ephemeral.computeSecret(publicKey)).digest();
  return Buffer.concat([ephemeralPublicKey, encrypt(key, text)]);
}

/**
 * By JWK: half the time of OpenSSL's DER decoder, which would take longer than the verification itself.
 *
 * @param point 65 bytes, uncompressed
 * @throws when the bytes are no point of P-256
 */
export function publicKeyOf(point: Uint8Array): KeyObject {
  if (point[0] !== UNCOMPRESSED) {
    throw new TypeError('The bytes are no uncompressed point');
  }
  const coordinate = (from: number) => Buffer.from(point.subarray(from, from + 32)).toString('base64url');
  return createPublicKey({ format: 'jwk', key: { kty: 'EC', crv: 'P-256', x: coordinate(1), y: coordinate(33) } });
}

/** ECDSA over P-256 with SHA-256, in DER. */
export function isSignedBy(publicKey: KeyObject, signature: Uint8Array, message: Uint8Array): boolean {
  return verify('sha256', message, publicKey, signature);
}

import { createECDH, createHmac, createPrivateKey, sign } from 'node:crypto';
import fc from 'fast-check';
import { clientIdOf } from '../../../contract/one-time-token';
import {
  decryptCbc,
  eciesOpener,
  encryptCbc,
  encryptTo,
  isSignedBy,
  newKey,
  newKeyPair,
  publicKeyOf,
} from '../../../service/vault/embedded/crypto';

test('what CBC encrypts comes back, under its own key', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (text) => {
      const key = newKey();
      const bytes = encryptCbc(key, text);
      expect(bytes.length % 16).toBe(0);
      expect(decryptCbc(key, bytes)).toEqual(Buffer.from(text));
    }),
  );
});

test('what is encrypted to a public key opens with its private key alone', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (text) => {
      const { privateKey, publicKey } = newKeyPair();
      const bytes = encryptTo(publicKey, text);
      expect(bytes).toHaveLength(65 + 12 + text.length + 16);
      expect(eciesOpener(privateKey)(bytes)).toEqual(Buffer.from(text));
      expect(() => eciesOpener(newKeyPair().privateKey)(bytes)).toThrow();
    }),
    { numRuns: 20 },
  );
});

test('the client id is the HMAC that the SDKs compute', () => {
  const key = Buffer.alloc(32, 3);
  const expected = createHmac('sha512', key).update('KEEPER_SECRETS_MANAGER_CLIENT_ID').digest();
  expect(Buffer.from(clientIdOf(key), 'base64url')).toEqual(expected);
  expect(clientIdOf(key)).toHaveLength(86);
});

test('UIDs are 22 characters of 16 bytes', () => {});

test('a private key keeps its leading zeros', () => {
  for (let round = 0; round < 600; round++) {
    expect(newKeyPair().privateKey).toHaveLength(32);
  }
});

test('a signature counts for its own message and key', () => {
  const { privateKey, publicKey } = newKeyPair();
  const point = createECDH('prime256v1');
  point.setPrivateKey(privateKey);
  const [x, y] = [publicKey.subarray(1, 33), publicKey.subarray(33)];
  const key = createPrivateKey({
    format: 'jwk',
    key: {
      kty: 'EC',
      crv: 'P-256',
      d: privateKey.toString('base64url'),
      x: x.toString('base64url'),
      y: y.toString('base64url'),
    },
  });
  const signature = sign('sha256', Buffer.from('message'), key);
  const verifying = publicKeyOf(publicKey);
  expect(isSignedBy(verifying, signature, Buffer.from('message'))).toBe(true);
  expect(isSignedBy(verifying, signature, Buffer.from('another'))).toBe(false);
  expect(isSignedBy(verifying, Buffer.from('no signature'), Buffer.from('message'))).toBe(false);
  expect(isSignedBy(publicKeyOf(newKeyPair().publicKey), signature, Buffer.from('message'))).toBe(false);
});

test('bytes that are no point of the curve are no public key', () => {
  expect(() => publicKeyOf(Buffer.alloc(65, 4))).toThrow();
  const mislabelled = Buffer.from(newKeyPair().publicKey);
  mislabelled[0] = 9;
  expect(() => publicKeyOf(mislabelled)).toThrow();
});

/** How a credential leaves the service: in clear, or as a libsodium sealed box for the owner of a key alone. */

import { KsmError } from '../../contract/errors';
import type { Credential } from '../vault/vault';

export type IssuedCredential = Credential & {
  readonly sealedOneTimeToken: string | null;
  readonly sealedConfig: string | null;
};

export type CredentialSealer = <T extends Credential>(issued: T) => T & IssuedCredential;

/**
 * To be asked for before anything is made: a key that nothing can be sealed to is refused here.
 *
 * @param publicKey Curve25519, base64. Undefined: the credential leaves in clear
 * @throws KsmError `invalid_request` for a key of which anybody could open the box
 */
export async function credentialSealer(publicKey: string | undefined): Promise<CredentialSealer> {
  if (publicKey === undefined) {
    return (issued) => ({ ...issued, sealedOneTimeToken: null, sealedConfig: null });
  }
  const seal = await sealerTo(publicKey);
  const box = (text: string | null) => (text === null ? null : seal(text));
  return (issued) => ({
    ...issued,
    oneTimeToken: null,
    config: null,
    sealedOneTimeToken: box(issued.oneTimeToken),
    sealedConfig: box(issued.config),
  });
}

async function sealerTo(publicKey: string): Promise<(text: string) => string> {
  // Loaded at the first use: it compiles a WebAssembly module.
  const { default: sodium } = await import('libsodium-wrappers');
  await sodium.ready;
  const key = Buffer.from(publicKey, 'base64');
  try {
    // Of a point of low order the shared secret is zero, whoever asks: libsodium refuses it.
    sodium.crypto_box_seal(new Uint8Array(0), key);
  } catch {
    const message =
      'is no usable Curve25519 public key (a point of low order, of which anybody could open the box); expected the public key of a pair, as libsodium or GitHub gives it';
    throw new KsmError('invalid_request', `The request is not valid: sealToPublicKey ${message}.`, {
      errors: [{ field: '/sealToPublicKey', message }],
    });
  }
  return (text) => Buffer.from(sodium.crypto_box_seal(Buffer.from(text), key)).toString('base64');
}

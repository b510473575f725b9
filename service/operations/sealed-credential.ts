/** How a credential leaves the service: in clear, or as a libsodium sealed box for the owner of a key alone. */

import type { Credential } from '../vault/vault';

export type IssuedCredential = Credential & {
  readonly sealedOneTimeToken: string | null;
  readonly sealedConfig: string | null;
};

/** @param publicKey Curve25519, base64. Undefined: in clear */
export async function sealed<T extends Credential>(
  issued: T,
  publicKey: string | undefined,
): Promise<T & IssuedCredential> {
  if (publicKey === undefined) {
    return { ...issued, sealedOneTimeToken: null, sealedConfig: null };
  }
  const seal = await sealerFor(publicKey);
  const box = (text: string | null) => (text === null ? null : seal(text));
  return {
    ...issued,
    oneTimeToken: null,
    config: null,
    sealedOneTimeToken: box(issued.oneTimeToken),
    sealedConfig: box(issued.config),
  };
}

/** Loaded at the first use: it compiles a WebAssembly module. */
async function sealerFor(publicKey: string): Promise<(text: string) => string> {
  const { default: sodium } = await import('libsodium-wrappers');
  await sodium.ready;
  const key = Buffer.from(publicKey, 'base64');
  return (text) => Buffer.from(sodium.crypto_box_seal(Buffer.from(text), key)).toString('base64');
}

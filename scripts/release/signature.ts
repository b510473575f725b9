/** Detached signatures of OpenPGP, binary, as registries want them. */

export async function sign(content: Uint8Array, armoredKey: string): Promise<Uint8Array> {
  const openpgp = await import('openpgp');
  const read = await openpgp.readPrivateKey({ armoredKey });
  const { algorithm } = read.getAlgorithmInfo();
  if (!algorithm.startsWith('rsa')) throw new Error(`the key is one of ${algorithm}: registries take RSA`);
  const passphrase = process.env.KSM_IAC_RELEASE_KEY_PASSPHRASE;
  const signingKeys =
    read.isDecrypted() || !passphrase ? read : await openpgp.decryptKey({ privateKey: read, passphrase });
  const message = await openpgp.createMessage({ binary: content });
  return (await openpgp.sign({ message, signingKeys, detached: true, format: 'binary' })) as Uint8Array;
}

/** The id of the key; throws where the signature is none of this content by this key. */
export async function verifySignature(content: Uint8Array, signature: Uint8Array, armoredKey: string): Promise<string> {
  const openpgp = await import('openpgp');
  const { signatures } = await openpgp.verify({
    message: await openpgp.createMessage({ binary: content }),
    signature: await openpgp.readSignature({ binarySignature: signature }),
    verificationKeys: await openpgp.readKey({ armoredKey }),
  });
  const [first] = signatures;
  if (first === undefined) throw new Error('there is no signature in it');
  await first.verified;
  return first.keyID.toHex().toUpperCase();
}

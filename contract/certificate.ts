import { X509Certificate } from 'node:crypto';

const BLOCK = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g;

/** What is wrong with PEM text of one or more CA certificates, or undefined. Never quotes the text: it may be a key. */
export function problemOfCertificates(pem: string): string | undefined {
  if (pem.includes('PRIVATE KEY-----')) {
    return 'It has a private key. Give the certificate of the CA alone, and keep the key where it belongs.';
  }
  const blocks = pem.match(BLOCK) ?? [];
  if (blocks.length === 0) return 'It has no certificate in PEM form ("-----BEGIN CERTIFICATE-----").';
  const bad = blocks.findIndex((block) => !isCertificate(block));
  return bad < 0 ? undefined : `Certificate ${bad + 1} of ${blocks.length} in it cannot be parsed; is it complete?`;
}

function isCertificate(block: string): boolean {
  try {
    new X509Certificate(block);
    return true;
  } catch {
    return false;
  }
}

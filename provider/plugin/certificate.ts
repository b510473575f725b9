import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { bitString, boolean, context, integer, octetString, oid, sequence, setOf, time, utf8String } from './der';

/** A key pair's certificate for this process alone. */
export interface Certificate {
  /** For node:tls. */
  readonly keyPem: string;
  readonly certificatePem: string;
  /** For the handshake line. */
  readonly der: Buffer;
}

const ECDSA_WITH_SHA256 = sequence(oid('1.2.840.10045.4.3.2'));
const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * A new self-signed certificate for `localhost`, as go-plugin's AutoMTLS wants
 * it: the client trusts it as a root, so it is a CA, and it serves.
 *
 * Own DER over node:crypto, because certificate libraries cost 70 to 390 ms at
 * each of the three to five starts of a command.
 */
export function createCertificate(now: Date = new Date()): Certificate {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const name = sequence(setOf(sequence(oid('2.5.4.3'), utf8String('localhost'))));
  const toBeSigned = sequence(
    context(0, integer(Buffer.from([2])), true), // version 3
    integer(serialNumber()),
    ECDSA_WITH_SHA256,
    name,
    // A day back, should the clock be set while Terraform runs.
    sequence(time(new Date(now.getTime() - DAY_MS)), time(new Date(now.getTime() + 365 * DAY_MS))),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    context(3, EXTENSIONS, true),
  );
  const signature = sign('sha256', toBeSigned, privateKey);
  const der = sequence(toBeSigned, ECDSA_WITH_SHA256, bitString(signature));
  return {
    keyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
    certificatePem: toPem(der),
    der,
  };
}

const extension = (id: string, critical: boolean, value: Buffer): Buffer =>
  sequence(oid(id), ...(critical ? [boolean(true)] : []), octetString(value));

const EXTENSIONS = sequence(
  extension('2.5.29.19', true, sequence(boolean(true))), // basicConstraints: a CA
  extension('2.5.29.15', true, bitString(Buffer.from([0b1000_0100]), 2)), // keyUsage: digitalSignature, keyCertSign
  extension('2.5.29.37', false, sequence(oid('1.3.6.1.5.5.7.3.1'))), // extKeyUsage: serverAuth
  extension('2.5.29.17', false, sequence(context(2, Buffer.from('localhost'), false))), // subjectAltName: DNS
);

/** 16 random bytes whose first is never zero, so that the DER integer is minimal. */
function serialNumber(): Buffer {
  const bytes = randomBytes(16);
  bytes[0] = (bytes[0] ?? 0) | 0x40;
  return bytes;
}

/**
 * Lines of 64, without an empty last one: OpenSSL refuses the empty line that
 * wrapping by replacement leaves when the length is a multiple of 64.
 */
export function toPem(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}

/** The DER of the first certificate of a PEM text; undefined if there is none. */
export function fromPem(pem: string): Buffer | undefined {
  const body = /-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----/.exec(pem)?.[1];
  return body === undefined ? undefined : Buffer.from(body, 'base64');
}

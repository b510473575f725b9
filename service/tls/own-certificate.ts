import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { reasonOf, StartError } from '../host/start-error';
import type { ServerIdentity } from './local-authority';

/**
 * A certificate (with its chain) and key of the user's, both PEM.
 *
 * @throws StartError `tls_invalid` that names the file and what is wrong with it
 */
export function readOwnCertificate(certificateFile: string, keyFile: string, now: number): ServerIdentity {
  const cert = read('--tls-cert', certificateFile);
  const key = read('--tls-key', keyFile);
  const certificate = parse('--tls-cert', certificateFile, 'a certificate in PEM', () => new X509Certificate(cert));
  const privateKey = parse('--tls-key', keyFile, 'an unencrypted private key in PEM', () => createPrivateKey(key));
  if (!certificate.checkPrivateKey(privateKey)) {
    throw new StartError('tls_invalid', `${keyFile} (--tls-key) is not the key of ${certificateFile} (--tls-cert).`);
  }
  if (Date.parse(certificate.validTo) <= now) {
    throw new StartError(
      'tls_invalid',
      `The certificate ${certificateFile} ended on ${certificate.validTo}. Renew it.`,
    );
  }
  return { cert, key, caCertificateFile: null };
}

function read(option: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new StartError('tls_invalid', `${file} (${option}) cannot be read: ${reasonOf(error)}.`, { cause: error });
  }
}

function parse<T>(option: string, file: string, expected: string, work: () => T): T {
  try {
    return work();
  } catch {
    // The cause is dropped on purpose: nothing of a key belongs into an error.
    throw new StartError('tls_invalid', `${file} (${option}) does not hold ${expected}.`);
  }
}

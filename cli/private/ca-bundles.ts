/** Files of certificates for devices: the local CA beside what they trust already, since a variable names one file. */
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { rootCertificates } from 'node:tls';

/** For `NODE_EXTRA_CA_CERTS` of who has one already: Node keeps its own roots. Returns the file's path. */
export function writeNodeCertificates(own: string, localCa: string, dir: string): Promise<string> {
  return write(join(resolve(dir), 'node-ca-certificates.pem'), [own, localCa]);
}

/**
 * For `REQUESTS_CA_BUNDLE`, which Python's requests trust in place of their own roots: those of Node stand for them.
 *
 * @param own of a bundle that the user has; undefined: none
 */
export function writePythonCertificates(own: string | undefined, localCa: string, dir: string): Promise<string> {
  return write(join(resolve(dir), 'python-ca-certificates.pem'), [own ?? rootCertificates.join('\n'), localCa]);
}

async function write(file: string, parts: readonly string[]): Promise<string> {
  await writeFile(file, `${parts.join('\n')}\n`);
  return file;
}

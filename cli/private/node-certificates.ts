/** `NODE_EXTRA_CA_CERTS` names one file: who has one already gets another, in which the local CA is added. */
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

/** Writes both PEM texts into one file in `dir`, and returns its path. */
export async function writeNodeCertificates(own: string, localCa: string, dir: string): Promise<string> {
  const file = join(resolve(dir), 'node-ca-certificates.pem');
  await writeFile(file, `${own}\n${localCa}`);
  return file;
}

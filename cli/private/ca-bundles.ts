/** Files of certificates for devices: the local CA beside what they trust already, since a variable names one file. */
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { rootCertificates } from 'node:tls';

/** Readers of PEM skip what stands between certificates. */
const MARK = '# The local CA of ksm-iac:';

/** For `NODE_EXTRA_CA_CERTS` of who has one already: Node keeps its own roots. Returns the file's path. */
export function writeNodeCertificates(own: string, localCa: string, dir: string): Promise<string> {
  return write('node', own, localCa, dir);
}

/**
 * For `REQUESTS_CA_BUNDLE`, which Python's requests trust in place of their own roots: those of Node stand for them.
 *
 * @param own of a bundle that the user has; undefined: none
 */
export function writePythonCertificates(own: string | undefined, localCa: string, dir: string): Promise<string> {
  return write('python', own ?? rootCertificates.join('\n'), localCa, dir);
}

/** Named after its content: a shell that trusts something else gets another file, and leaves this one to the first. */
async function write(who: string, own: string, localCa: string, dir: string): Promise<string> {
  const before = ownPart(own, localCa);
  const text = `${before === '' ? '' : `${before}\n`}${MARK}\n${localCa.trim()}\n`;
  const name = `${who}-ca-certificates-${createHash('sha256').update(text).digest('hex').slice(0, 8)}.pem`;
  const file = join(resolve(dir), name);
  await writeFile(file, text);
  return file;
}

/** Of a file that was joined here before, what it was joined with. */
function ownPart(text: string, localCa: string): string {
  const [own = ''] = text.split(MARK);
  return own.replace(localCa.trim(), '').trim();
}

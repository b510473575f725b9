import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { makeFolder } from '../host/make-folder';
import { PRIVATE_MODE, PUBLIC_MODE, writeFileAtomically } from '../host/private-file';
import { StartError } from '../host/start-error';
import { createAuthority, createServerCertificate, type KeyAndCertificate } from './certificate';

/** A certificate that ends sooner than this is renewed at start, in milliseconds: half a year. */
const RENEW_BEFORE_MS = 180 * 86_400_000;

export interface ServerIdentity {
  /** PEM. */
  readonly cert: string;
  /** PEM. SECRET. */
  readonly key: string;
  /** What clients must trust; null when they must know it themselves. */
  readonly caCertificateFile: string | null;
}

/**
 * The certificate that the local authority signed for these names. The
 * authority is made once and stays; the server's certificate is renewed when
 * it ends soon or lacks a name.
 *
 * @throws StartError `tls_invalid` for an authority that has ended or lost a part
 */
export async function openLocalAuthority(
  folder: string,
  names: readonly string[],
  now: number,
): Promise<ServerIdentity> {
  makeFolder(folder, 0o700);
  const authorityFiles = { key: join(folder, 'ca.key'), certificate: join(folder, 'ca.crt') };
  const serverFiles = { key: join(folder, 'server.key'), certificate: join(folder, 'server.crt') };

  let authority = read(authorityFiles);
  if (!authority) {
    authority = await createAuthority(now);
    write(authorityFiles, authority);
  }
  refuseBroken(authority, authorityFiles.certificate, now);

  let server = read(serverFiles);
  if (!server || !serves(server, authority, names, now)) {
    server = await createServerCertificate(authority, names, now);
    write(serverFiles, server);
  }
  return { cert: server.certificate, key: server.key, caCertificateFile: authorityFiles.certificate };
}

type Files = { readonly key: string; readonly certificate: string };

function read(files: Files): KeyAndCertificate | undefined {
  const certificate = readIfThere(files.certificate);
  const key = readIfThere(files.key);
  // The key is written first: without a certificate nobody has seen it yet.
  return certificate === undefined ? undefined : { key: key ?? '', certificate };
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      return undefined;
    }
    throw error;
  }
}

function write(files: Files, { key, certificate }: KeyAndCertificate): void {
  writeFileAtomically(files.key, key, PRIVATE_MODE);
  writeFileAtomically(files.certificate, certificate, PUBLIC_MODE);
}

function refuseBroken(authority: KeyAndCertificate, file: string, now: number): void {
  const ended = Date.parse(parse(authority)?.validTo ?? '') <= now;
  if (ended || !belongTogether(authority)) {
    throw new StartError(
      'tls_invalid',
      `The local CA ${file} ${ended ? 'has ended' : 'and its key beside it do not belong together'}. Restore both files from a backup, or move the folder that holds them away: the next start makes a new CA, which clients must then be given.`,
    );
  }
}

function serves(
  server: KeyAndCertificate,
  authority: KeyAndCertificate,
  names: readonly string[],
  now: number,
): boolean {
  const certificate = parse(server);
  const issuer = parse(authority);
  return (
    certificate !== undefined &&
    issuer !== undefined &&
    belongTogether(server) &&
    certificate.verify(issuer.publicKey) &&
    Date.parse(certificate.validTo) > now + RENEW_BEFORE_MS &&
    names.every((name) => (isIP(name) ? certificate.checkIP(name) : certificate.checkHost(name)) !== undefined)
  );
}

function parse({ certificate }: KeyAndCertificate): X509Certificate | undefined {
  try {
    return new X509Certificate(certificate);
  } catch {
    return undefined;
  }
}

function belongTogether(pair: KeyAndCertificate): boolean {
  try {
    return parse(pair)?.checkPrivateKey(createPrivateKey(pair.key)) ?? false;
  } catch {
    return false;
  }
}

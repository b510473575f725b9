import { X509Certificate } from 'node:crypto';
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { namesOf } from '../../../service/host/listen-address';
import { openLocalAuthority } from '../../../service/tls/local-authority';
import { readOwnCertificate } from '../../../service/tls/own-certificate';
import { ask, start, type Temporary, temporaryFolder } from '../running-service';

const DAY_MS = 86_400_000;
const NOW = Date.now();
const NAMES = namesOf('127.0.0.1');

let temporary: Temporary;
let folder: string;
beforeEach(() => {
  temporary = temporaryFolder();
  folder = join(temporary.folder, 'tls');
});
afterEach(() => temporary.remove());

test('the certificate names every way to this machine, and its authority signs servers only', async () => {
  const { cert, caCertificateFile } = await openLocalAuthority(folder, namesOf('vault.example.org'), NOW);
  const server = new X509Certificate(cert);
  const authority = new X509Certificate(readFileSync(caCertificateFile ?? ''));
  for (const name of ['localhost', 'vault.example.org']) {
    expect(server.checkHost(name)).toBe(name);
  }
  for (const address of ['127.0.0.1', '::1']) {
    expect(server.checkIP(address)).toBe(address);
  }
  expect(server.checkHost('elsewhere.example.org')).toBeUndefined();
  expect(authority.ca).toBe(true);
  expect(server.ca).toBe(false);
  expect(server.checkIssued(authority)).toBe(true);
  expect(server.verify(authority.publicKey)).toBe(true);
  expect(server.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
});

test('a certificate stays as it is while it lasts, and is renewed by the same authority before it ends', async () => {
  const first = await openLocalAuthority(folder, NAMES, NOW);
  const authority = readFileSync(first.caCertificateFile ?? '', 'utf8');
  expect(await openLocalAuthority(folder, NAMES, NOW + 300 * DAY_MS)).toEqual(first);
  const renewed = await openLocalAuthority(folder, NAMES, NOW + 700 * DAY_MS);
  expect(renewed.cert).not.toBe(first.cert);
  expect(renewed.key).not.toBe(first.key);
  expect(Date.parse(new X509Certificate(renewed.cert).validTo)).toBeGreaterThan(NOW + 1500 * DAY_MS);
  expect(readFileSync(first.caCertificateFile ?? '', 'utf8')).toBe(authority);
});

test('another name to listen on renews the certificate', async () => {
  const first = await openLocalAuthority(folder, NAMES, NOW);
  const renewed = await openLocalAuthority(folder, namesOf('10.1.2.3'), NOW);
  expect(renewed.cert).not.toBe(first.cert);
  expect(new X509Certificate(renewed.cert).checkIP('10.1.2.3')).toBe('10.1.2.3');
});

test('a certificate that was half written is made anew', async () => {
  const first = await openLocalAuthority(folder, NAMES, NOW);
  writeFileSync(join(folder, 'server.crt'), first.cert.slice(0, 100));
  expect((await openLocalAuthority(folder, NAMES, NOW)).cert).not.toBe(first.cert);
});

test('an authority that lost its key or has ended is refused in words, and left as it is', async () => {
  const { caCertificateFile } = await openLocalAuthority(folder, NAMES, NOW);
  const authority = readFileSync(caCertificateFile ?? '', 'utf8');
  await expect(openLocalAuthority(folder, NAMES, NOW + 30 * 365 * DAY_MS)).rejects.toMatchObject({
    code: 'tls_invalid',
    message: expect.stringContaining('has ended'),
  });
  rmSync(join(folder, 'ca.key'));
  await expect(openLocalAuthority(folder, NAMES, NOW)).rejects.toMatchObject({ code: 'tls_invalid' });
  expect(readFileSync(caCertificateFile ?? '', 'utf8')).toBe(authority);
});

test("a service serves the user's own certificate", async () => {
  await openLocalAuthority(folder, NAMES, NOW);
  const [tlsCert, tlsKey] = [join(temporary.folder, 'own.crt'), join(temporary.folder, 'own.key')];
  cpSync(join(folder, 'server.crt'), tlsCert);
  cpSync(join(folder, 'server.key'), tlsKey);
  const service = await start(join(temporary.folder, 'data'), { tlsCert, tlsKey });
  try {
    expect(service.caCertificateFile).toBeNull();
    const trusting = { ...service, caCertificateFile: join(folder, 'ca.crt') };
    expect((await ask(trusting, 'GET', '/v1/info')).status).toBe(200);
  } finally {
    await service.stop();
  }
});

test('an own certificate that cannot serve is named with what is wrong, never with the key', async () => {
  await openLocalAuthority(folder, NAMES, NOW);
  const at = (name: string) => join(folder, name);
  const refusal = (cert: string, key: string, now = NOW) => {
    try {
      readOwnCertificate(cert, key, now);
    } catch (error) {
      return (error as Error).message;
    }
    return undefined;
  };
  expect(refusal(at('none.crt'), at('server.key'))).toContain('none.crt (--tls-cert) cannot be read: ENOENT');
  expect(refusal(at('server.key'), at('server.key'))).toContain('does not hold a certificate in PEM');
  expect(refusal(at('server.crt'), at('server.crt'))).toContain('does not hold an unencrypted private key in PEM');
  expect(refusal(at('server.crt'), at('ca.key'))).toContain('is not the key of');
  expect(refusal(at('server.crt'), at('server.key'), NOW + 1000 * DAY_MS)).toContain('ended on');
  expect(refusal(at('server.crt'), at('server.key'))).toBeUndefined();
});

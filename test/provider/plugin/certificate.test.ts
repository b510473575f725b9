import { createPrivateKey, randomBytes, X509Certificate } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { connect, createSecureContext, createServer } from 'node:tls';
import { createCertificate, fromPem, toPem } from '../../../provider/plugin/certificate';

const CERTIFICATES = 2000;

describe('the certificate of a plugin process', () => {
  const certificate = createCertificate();
  const parsed = new X509Certificate(certificate.certificatePem);

  test('is its own issuer, signed by its own key', () => {
    expect(parsed.checkIssued(parsed)).toBe(true);
    expect(parsed.verify(parsed.publicKey)).toBe(true);
    expect(parsed.checkPrivateKey(createPrivateKey(certificate.keyPem))).toBe(true);
    expect(parsed.raw).toEqual(certificate.der);
  });

  test('is one of a CA that serves localhost, as Go wants to verify it', () => {
    expect(parsed.ca).toBe(true);
    expect(parsed.checkHost('localhost')).toBe('localhost');
    expect(parsed.subjectAltName).toBe('DNS:localhost');
    expect(parsed.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
  });

  test('is valid since yesterday', () => {
    expect(new Date(parsed.validFrom).getTime()).toBeLessThan(Date.now());
    expect(new Date(parsed.validTo).getTime()).toBeGreaterThan(Date.now());
  });

  test('writes years from 2050 on in four digits', () => {
    const { certificatePem } = createCertificate(new Date('2049-12-31T12:00:00Z'));
    const later = new X509Certificate(certificatePem);
    expect(new Date(later.validFrom).getUTCFullYear()).toBe(2049);
    expect(new Date(later.validTo).getUTCFullYear()).toBe(2050);
  });

  test('is trusted by a client that has it as the only root', async () => {
    const server = createServer({ key: certificate.keyPem, cert: certificate.certificatePem });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const { port } = server.address() as AddressInfo;
    const client = connect({ port, host: '127.0.0.1', servername: 'localhost', ca: certificate.certificatePem });
    await new Promise((done, fail) => client.once('secureConnect', done).once('error', fail));
    expect(client.authorized).toBe(true);
    client.destroy();
    server.close();
  });
});

test(`${CERTIFICATES} certificates, whose lengths differ, are all accepted by OpenSSL`, () => {
  const serials = new Set<string>();
  for (let n = 0; n < CERTIFICATES; n++) {
    const { keyPem, certificatePem, der } = createCertificate();
    createSecureContext({ key: keyPem, cert: certificatePem });
    const parsed = new X509Certificate(der);
    if (!parsed.verify(parsed.publicKey)) throw new Error(`not verified: ${der.toString('hex')}`);
    serials.add(parsed.serialNumber);
  }
  expect(serials.size).toBe(CERTIFICATES);
});

test('PEM of any length has lines of 1 to 64 characters and no empty one, and comes back', () => {
  for (let length = 1; length <= 200; length++) {
    const der = randomBytes(length);
    const pem = toPem(der);
    const lines = pem.split('\n').slice(1, -2);
    expect(lines.every((line) => line.length > 0 && line.length <= 64)).toBe(true);
    expect(fromPem(pem)).toEqual(der);
  }
});

test('a PEM text without a certificate gives none', () => {
  expect(fromPem('no certificate')).toBeUndefined();
});

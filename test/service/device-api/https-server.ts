import { webcrypto } from 'node:crypto';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import 'reflect-metadata';
import * as x509 from '@peculiar/x509';
import type { DeviceApi } from '../../../service/device-api/device-api';

export interface HttpsServer {
  /** `127.0.0.1:<port>` */
  readonly hostname: string;
  /** PEM of the CA that signed the server's certificate. */
  readonly caCertificate: string;
  close(): Promise<void>;
}

/** Serves a device API over HTTPS with a certificate of a CA made for it. */
export async function serveHttps(api: () => DeviceApi): Promise<HttpsServer> {
  const { ca, certificate, key } = await makeCertificates();
  const server = createServer({ cert: certificate, key }, async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) {
      chunks.push(chunk as Buffer);
    }
    const header = (name: string) => request.headers[name] as string | undefined;
    const reply = await api().handle({
      verb: request.url?.split('/').at(-1) ?? '',
      headers: {
        publicKeyId: header('publickeyid'),
        transmissionKey: header('transmissionkey'),
        authorization: header('authorization'),
      },
      body: Buffer.concat(chunks),
      ip: request.socket.remoteAddress ?? '',
    });
    response.writeHead(reply.status, { 'content-type': reply.contentType }).end(reply.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    hostname: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    caCertificate: ca,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

async function makeCertificates(): Promise<{ ca: string; certificate: string; key: string }> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const newPair = () => webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const authority = await newPair();
  const ca = await x509.X509CertificateGenerator.createSelfSigned({
    name: 'CN=test authority',
    keys: authority as webcrypto.CryptoKeyPair,
    signingAlgorithm: algorithm,
    extensions: [new x509.BasicConstraintsExtension(true, undefined, true)],
  });
  const pair = await newPair();
  const certificate = await x509.X509CertificateGenerator.create({
    subject: 'CN=127.0.0.1',
    issuer: ca.subject,
    publicKey: pair.publicKey as webcrypto.CryptoKey,
    signingKey: authority.privateKey as webcrypto.CryptoKey,
    signingAlgorithm: algorithm,
    extensions: [new x509.SubjectAlternativeNameExtension([{ type: 'ip', value: '127.0.0.1' }])],
  });
  const key = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', pair.privateKey)).toString('base64');
  return {
    ca: ca.toString('pem'),
    certificate: certificate.toString('pem'),
    key: `-----BEGIN PRIVATE KEY-----\n${key}\n-----END PRIVATE KEY-----\n`,
  };
}

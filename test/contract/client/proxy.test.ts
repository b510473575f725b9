import { createServer, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { type AddressInfo, connect, createServer as createTcpServer, type Socket } from 'node:net';
import type { ClientOptions } from '../../../contract/client';
import { createAuthority, createServerCertificate } from '../../../service/tls/certificate';
import { CANARY, client } from './fake-service';

/** Not this machine, so that NO_PROXY alone can keep it from the proxy; only the proxy finds it. */
const HOST = 'ksm-iac.test';
const VARIABLES = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy', 'ALL_PROXY', 'all_proxy'];
const EXCEPTIONS = ['NO_PROXY', 'no_proxy'];

const environment = { ...process.env };
let service: Server;
let proxy: Server;
let caCertificate: string;
/** What the proxy was told in clear. */
let seen: string[];

beforeAll(async () => {
  const authority = await createAuthority(Date.now());
  caCertificate = authority.certificate;
  const { certificate: cert, key } = await createServerCertificate(authority, [HOST, '127.0.0.1'], Date.now());
  service = createSecureServer({ cert, key }, (_request, response) => response.end('{"version":"9.9.9"}'));
  proxy = createServer((request, response) => {
    seen.push(`${request.method} ${request.url} ${JSON.stringify(request.headers)}`);
    response.writeHead(502).end();
  });
  proxy.on('connect', (request, socket, head) => {
    seen.push(`CONNECT ${request.url} ${JSON.stringify(request.headers)}`);
    const tunnel = connect(portOf(service), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      tunnel.write(head);
      tunnel.pipe(socket).pipe(tunnel);
    });
    tunnel.on('error', () => socket.destroy());
    socket.on('error', () => tunnel.destroy());
  });
  await Promise.all([service, proxy].map((server) => new Promise<void>((done) => server.listen(0, '127.0.0.1', done))));
});
beforeEach(() => {
  seen = [];
  for (const name of [...VARIABLES, ...EXCEPTIONS]) delete process.env[name];
});
afterEach(() => {
  process.env = { ...environment };
});
afterAll(() => {
  for (const server of [service, proxy]) {
    server.closeAllConnections();
    server.close();
  }
});

const portOf = (server: Server) => (server.address() as AddressInfo).port;
const proxyUrl = () => `http://127.0.0.1:${portOf(proxy)}`;
const ask = (host: string, options: Partial<ClientOptions> = {}) =>
  client(`https://${host}:${portOf(service)}`, { caCertificate, maxRetries: 0, ...options }).info();

test.each(['HTTPS_PROXY', 'https_proxy'])(
  '%s is honoured: a tunnel, in which the proxy sees no token',
  async (name) => {
    process.env[name] = proxyUrl();
    process.env.NO_PROXY = 'example.com,127.0.0.1';
    expect(await ask(HOST)).toEqual({ version: '9.9.9' });
    expect(seen).toEqual([expect.stringMatching(new RegExp(`^CONNECT ${HOST}:${portOf(service)} `))]);
    expect(seen.join()).not.toContain(CANARY);
  },
);

test.each(VARIABLES)('%s never leads to a service on this machine, over HTTP or HTTPS', async (name) => {
  const plain = createServer((_request, response) => response.end('{"version":"9.9.9"}'));
  await new Promise<void>((done) => plain.listen(0, '127.0.0.1', done));
  process.env[name] = proxyUrl();
  try {
    expect(await ask('127.0.0.1')).toEqual({ version: '9.9.9' });
    for (const host of ['127.0.0.1', 'localhost']) {
      expect(await client(`http://${host}:${portOf(plain)}`).info()).toEqual({ version: '9.9.9' });
    }
    expect(seen).toEqual([]);
  } finally {
    plain.closeAllConnections();
    plain.close();
  }
});

test.each(['HTTPS_PROXY', 'https_proxy', 'ALL_PROXY', 'all_proxy'])('%s=host:port is an HTTP proxy', async (name) => {
  process.env[name] = proxyUrl().replace('http://', '');
  expect(await ask(HOST)).toEqual({ version: '9.9.9' });
  expect(seen).toHaveLength(1);
});

test('NO_PROXY keeps the service from the proxy', async () => {
  process.env.HTTPS_PROXY = proxyUrl();
  process.env.NO_PROXY = HOST;
  await expect(ask(HOST)).rejects.toMatchObject({ detail: expect.stringContaining(`getaddrinfo`) });
  expect(seen).toEqual([]);
});

test('user and password of the proxy go to the proxy alone', async () => {
  process.env.HTTPS_PROXY = proxyUrl().replace('http://', 'http://user:p%40ss@');
  expect(await ask(HOST)).toEqual({ version: '9.9.9' });
  expect(seen.join()).toContain(`Basic ${Buffer.from('user:p@ss').toString('base64')}`);
});

test('behind a proxy the certificate of the service is checked as without one; a wrong name is told with the right ones', async () => {
  process.env.HTTPS_PROXY = proxyUrl();
  await expect(ask('other.test')).rejects.toMatchObject({
    code: 'service_untrusted',
    detail: expect.stringMatching(
      new RegExp(
        `other\\.test:\\d+ is for other names than this one \\(ERR_TLS_CERT_ALTNAME_INVALID\\): [^.]*${HOST.replace('.', '\\.')}[\\s\\S]*--advertise`,
      ),
    ),
  });
});

test('a direct client asks no proxy', async () => {
  process.env.HTTPS_PROXY = proxyUrl();
  await expect(ask(HOST, { direct: true })).rejects.toMatchObject({ detail: expect.stringContaining('getaddrinfo') });
  expect(seen).toEqual([]);
});

describe('a proxy that stands in the way is named, with its variable', () => {
  const hint = (name: string) => `${name} is set: unless NO_PROXY excepts the service, the way to it is by that proxy.`;

  test.each(['https_proxy', 'ALL_PROXY'])('that is not there, by %s', async (name) => {
    process.env[name] = 'http://127.0.0.1:1';
    await expect(ask(HOST)).rejects.toMatchObject({
      code: 'service_unreachable',
      detail: expect.stringContaining(hint(name)),
    });
    await expect(client('https://127.0.0.1:1', { maxRetries: 0 }).info()).rejects.toMatchObject({
      detail: expect.not.stringContaining(name),
    });
  });

  test('that speaks no TLS where it is said to', async () => {
    process.env.HTTPS_PROXY = proxyUrl().replace('http:', 'https:');
    const words = { code: 'service_unreachable', detail: expect.stringContaining(hint('HTTPS_PROXY')) };
    await expect(ask(HOST)).rejects.toMatchObject(words);
  });

  test('that shows a certificate of its own', async () => {
    process.env.HTTPS_PROXY = proxyUrl();
    const words = { code: 'service_untrusted', detail: expect.stringContaining(hint('HTTPS_PROXY')) };
    await expect(ask('other.test')).rejects.toMatchObject(words);
  });

  test('that never answers', async () => {
    let tunnel: Socket | undefined;
    const silent = createTcpServer((socket) => {
      tunnel = socket;
    });
    await new Promise<void>((done) => silent.listen(0, '127.0.0.1', done));
    process.env.ALL_PROXY = `127.0.0.1:${(silent.address() as AddressInfo).port}`;
    const words = { code: 'request_timeout', detail: expect.stringContaining(hint('ALL_PROXY')) };
    await expect(ask(HOST, { requestTimeoutMs: 100 })).rejects.toMatchObject(words);
    tunnel?.destroy();
    silent.close();
  });

  test('that refuses to go on, with a page of its own', async () => {
    const refusing = createServer().unref();
    refusing.on('connect', (_request, socket) => {
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 6\r\n\r\n<html>');
    });
    await new Promise<void>((done) => refusing.listen(0, '127.0.0.1', done));
    process.env.HTTPS_PROXY = `127.0.0.1:${portOf(refusing)}`;
    const error = await ask(HOST).catch((failure) => failure);
    expect(error.detail).toContain(hint('HTTPS_PROXY'));
    expect(error.detail).toContain('407');
    refusing.close();
  });

  test.each(['socks5://127.0.0.1:1080', 'http://', 'http://[', 'ftp://user:canary@host'])(
    'that is none: %s',
    async (text) => {
      process.env.ALL_PROXY = text;
      const error = await ask(HOST, { maxRetries: 4 }).catch((failure) => failure);
      expect(error).toMatchObject({
        code: 'service_unreachable',
        detail: expect.stringContaining('ALL_PROXY names no'),
      });
      expect(error.detail).not.toContain('canary');
    },
  );
});

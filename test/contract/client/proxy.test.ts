import { createServer, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import { createAuthority, createServerCertificate } from '../../../service/tls/certificate';
import { CANARY, client } from './fake-service';

/** Not a loopback name, so that nothing but NO_PROXY can keep it from the proxy; only the proxy finds it. */
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
const ask = (host: string, options: { direct?: boolean } = {}) =>
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

test.each(['127.0.0.1', '*'])('NO_PROXY=%s keeps the service from the proxy', async (exceptions) => {
  process.env.HTTPS_PROXY = proxyUrl();
  process.env.NO_PROXY = exceptions;
  expect(await ask('127.0.0.1')).toEqual({ version: '9.9.9' });
  expect(seen).toEqual([]);
});

test('behind a proxy the certificate of the service is checked as without one', async () => {
  process.env.HTTPS_PROXY = proxyUrl();
  await expect(ask('other.test')).rejects.toMatchObject({ code: 'service_untrusted' });
});

test('a direct client asks no proxy', async () => {
  process.env.HTTPS_PROXY = proxyUrl();
  expect(await ask('127.0.0.1', { direct: true })).toEqual({ version: '9.9.9' });
  expect(seen).toEqual([]);
});

test('a proxy that is not there is named as what stands in the way', async () => {
  process.env.https_proxy = 'http://127.0.0.1:1';
  await expect(ask(HOST)).rejects.toMatchObject({
    code: 'service_unreachable',
    detail: expect.stringMatching(/https_proxy is set: unless NO_PROXY excepts the service/),
  });
  await expect(client('https://127.0.0.1:1', { direct: true, maxRetries: 0 }).info()).rejects.toMatchObject({
    detail: expect.not.stringContaining('https_proxy'),
  });
});

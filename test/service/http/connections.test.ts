import type { ConnectionLimits } from '../../../service/http/connections';
import { descriptors, type ListeningApi, type Raw, startListeningApi, until } from './listening-api';

const LIMITS: ConnectionLimits = {
  // Long enough for the handshakes of the others beside a client that keeps the service busy.
  handshakeMs: 3_000,
  headersMs: 300,
  requestMs: 600,
  keepAliveMs: 300,
  silenceMs: 1_500,
  lingerMs: 200,
  checkMs: 50,
  unreadBytes: 1_048_576,
  unreadMs: 300,
};
const CLIENTS = 8;
const OPEN = 'Host: x';
const BODY = ['Content-Type: application/json', 'Content-Length: 100', ''];

/** What a client does, and then never anything again: it keeps its side open, and never ends by itself. */
const anywhere: readonly [string, (server: ListeningApi) => Promise<Raw>][] = [
  ['sends nothing', (server) => server.open()],
  [
    'sends 7 bytes of a handshake',
    async (server) => {
      const raw = await server.open();
      raw.socket.write(Buffer.from('16030100f80100', 'hex'));
      return raw;
    },
  ],
  ['has connected and sends nothing', (server) => server.connect()],
  ['sends half of its headers', (server) => sending(server, 'GET /v1/info HTTP/1.1', 'Ho')],
  [
    'sends half of a body with a good token',
    (server) => sending(server, 'POST /v1/applications HTTP/1.1', OPEN, bearer(server), ...BODY, '{"na'),
  ],
  [
    'sends half of a body that nobody wants',
    (server) => sending(server, 'POST /v1/applications HTTP/1.1', OPEN, ...BODY, '{"na'),
  ],
  [
    'waits for a 100 and never sends its body',
    (server) =>
      sending(server, 'POST /v1/applications HTTP/1.1', OPEN, bearer(server), 'Expect: 100-continue', ...BODY, ''),
  ],
  ['keeps its connection after a reply', (server) => sending(server, 'GET /healthz HTTP/1.1', OPEN, '', '')],
  ['keeps its side open after an error', (server) => sending(server, 'GARBAGE', '', '')],
  ['asks for a proxy', (server) => sending(server, 'CONNECT example.com:443 HTTP/1.1', OPEN, '', '')],
  [
    'never takes its replies',
    async (server) => {
      const raw = await server.connect();
      raw.socket.removeAllListeners('data').pause();
      // More than the buffers of both sides hold.
      raw.send(...Array<string>(40).fill(['GET /openapi.json HTTP/1.1', OPEN, '', ''].join('\r\n')));
      return raw;
    },
  ],
  [
    'says that it ends, and asks nothing',
    async (server) => {
      const raw = await server.connect();
      raw.socket.end();
      return raw;
    },
  ],
  [
    'says that it ends in the middle of a body',
    async (server) => {
      const raw = await sending(server, 'POST /v1/applications HTTP/1.1', OPEN, bearer(server), ...BODY, '{"na');
      raw.socket.end();
      return raw;
    },
  ],
];

const bearer = (server: ListeningApi) => `Authorization: Bearer ${server.api.token}`;

async function sending(server: ListeningApi, ...lines: string[]): Promise<Raw> {
  const raw = await server.connect();
  raw.send(...lines);
  return raw;
}

describe.each([
  ['HTTPS', true],
  ['plain HTTP', false],
])('over %s', (_name, https) => {
  let server: ListeningApi;
  beforeAll(async () => {
    server = await startListeningApi({ https, connectionLimits: LIMITS, rateLimit: { requests: 1e6, strangers: 1e6 } });
  });
  afterAll(() => server.close());

  test.each(anywhere)(
    'the descriptor of a client that %s comes back, whatever the client does',
    async (_what, start) => {
      const listening = descriptors();
      const clients = await Promise.all(Array.from({ length: CLIENTS }, () => start(server)));
      await until('the server to have closed all connections', async () => (await server.connections()) === 0);
      // Those of the clients are all that is left.
      await until('the descriptors', () => descriptors() <= listening + clients.length);
      expect((await server.api.call('GET', '/healthz')).status).toBe(200);
    },
  );

  test('what is refused before its body is read goes on for a bounded time and size alone', async () => {
    const raw = await sending(
      server,
      'POST /v1/applications HTTP/1.1',
      OPEN,
      'Content-Type: application/json',
      'Content-Length: 300000000',
      '',
      '',
    );
    let sent = 0;
    const chunk = Buffer.alloc(65_536, 0x20);
    const pour = () => {
      while (!raw.socket.destroyed && sent < 300_000_000) {
        sent += chunk.length;
        if (!raw.socket.write(chunk)) {
          raw.socket.once('drain', pour);
          return;
        }
      }
    };
    pour();
    await until('the answer', () => raw.received.includes('"unauthenticated"'));
    await until('the server to close', async () => (await server.connections()) === 0);
    raw.socket.destroy();
    expect(sent).toBeLessThan(300_000_000);
  });

  test('a body that ends within the bounds keeps its connection', async () => {
    const raw = await sending(server, 'POST /v1/applications HTTP/1.1', OPEN, ...BODY, '{"na');
    await until('the answer', () => raw.received.includes('"unauthenticated"'));
    raw.send(' '.repeat(96));
    raw.send('GET /healthz HTTP/1.1', OPEN, '', '');
    await until('the second answer', () => raw.received.includes('{"status":"ok"}'));
  });
});

import { type ClientHttp2Session, connect, constants, type Http2Server } from 'node:http2';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { serveMethods } from '../../../provider/plugin/grpc';
import { createLog } from '../../../provider/plugin/log';
import { createPlainServer } from '../../../provider/plugin/server';
import { InvalidRequestError } from '../../../provider/protocol/invalid-request';

const methods: Record<string, (request: Uint8Array) => Promise<Uint8Array>> = {
  '/t/Reverse': async (request) => Uint8Array.from(request).reverse(),
  '/t/Refuse': async () => {
    throw new InvalidRequestError('Größe: 100% "falsch"');
  },
};

let server: Http2Server;
let session: ClientHttp2Session;

beforeAll(async () => {
  server = createPlainServer(() => {});
  serveMethods(server, (path) => methods[path], createLog('off'));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  session = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
afterAll(() => {
  session.destroy();
  server.close();
});

interface Reply {
  readonly status: string;
  readonly message: string;
  readonly body: Buffer;
}

/** Writes the chunks one by one, as DATA frames of their own. */
function call(path: string, chunks: readonly Uint8Array[]): Promise<Reply> {
  return new Promise((done, fail) => {
    const stream = session.request({
      ':method': 'POST',
      ':path': path,
      'content-type': 'application/grpc',
      te: 'trailers',
    });
    const body: Buffer[] = [];
    let headers: Record<string, unknown> = {};
    stream.on('response', (own) => (headers = { ...headers, ...own }));
    stream.on('trailers', (own) => (headers = { ...headers, ...own }));
    stream.on('data', (chunk: Buffer) => body.push(chunk));
    stream.on('error', fail);
    stream.on('close', () =>
      done({
        status: String(headers['grpc-status']),
        message: decodeURIComponent(String(headers['grpc-message'] ?? '')),
        body: Buffer.concat(body),
      }),
    );
    void (async () => {
      for (const chunk of chunks) await new Promise((written) => stream.write(chunk, written));
      stream.end();
    })();
  });
}

function framed(message: Uint8Array): Buffer {
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]);
}

function split(bytes: Buffer, points: readonly number[]): Buffer[] {
  const at = [0, ...points.map((point) => point % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  return at.slice(1).map((end, i) => bytes.subarray(at[i], end));
}

describe('gRPC', () => {
  test('a message may arrive in pieces cut anywhere, also within its length', async () => {
    const pieces = fc.tuple(fc.uint8Array({ maxLength: 300 }), fc.array(fc.nat(), { maxLength: 6 }));
    await fc.assert(
      fc.asyncProperty(pieces, async ([message, points]) => {
        const reply = await call('/t/Reverse', split(framed(message), points));
        expect(reply.status).toBe('0');
        expect(reply.body).toEqual(framed(Uint8Array.from(message).reverse()));
      }),
      { numRuns: 50 },
    );
  });

  test.each([
    ['no message', Buffer.of()],
    ['half a prefix', Buffer.of(0, 0)],
    ['a message that is cut short', framed(Buffer.from('four')).subarray(0, 7)],
    ['two messages', Buffer.concat([framed(Buffer.from('a')), framed(Buffer.from('b'))])],
    ['a compressed message', Buffer.from([1, 0, 0, 0, 1, 120])],
  ])('%s is INVALID_ARGUMENT', async (_what, body) => {
    expect((await call('/t/Reverse', [body])).status).toBe('3');
  });

  test('a status message keeps what HTTP headers cannot hold', async () => {
    const reply = await call('/t/Refuse', [framed(Buffer.of())]);
    expect(reply).toMatchObject({ status: '3', message: 'Größe: 100% "falsch"' });
  });

  test('an unknown call is answered although the client never ends its side', async () => {
    const stream = session.request({ ':method': 'POST', ':path': '/t/Broker', 'content-type': 'application/grpc' });
    const status = await new Promise((done) => stream.on('response', (headers) => done(headers['grpc-status'])));
    expect(status).toBe('12');
    stream.destroy();
  });

  test.each([
    ['served', '/t/Reverse'],
    ['not served', '/t/Broker'],
  ])('a client that breaks off in the middle of a call that is %s harms nobody', async (_what, path) => {
    const stream = session.request({ ':method': 'POST', ':path': path, 'content-type': 'application/grpc' });
    stream.on('error', () => {});
    await new Promise((written) => stream.write(Buffer.of(0, 0), written));
    stream.close(constants.NGHTTP2_INTERNAL_ERROR);
    expect((await call('/t/Reverse', [framed(Buffer.from('ab'))])).body).toEqual(framed(Buffer.from('ba')));
  });
});

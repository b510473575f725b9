import { type ClientHttp2Session, connect, constants, type Http2Server } from 'node:http2';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import type { Log } from '../../../provider/framework/log';
import { type Method, serveMethods } from '../../../provider/plugin/grpc';
import { createPlainServer } from '../../../provider/plugin/server';
import { InvalidRequestError } from '../../../provider/protocol/invalid-request';

/** What the methods below were told and came to. */
const seen: string[] = [];

const methods: Record<string, Method> = {
  '/t/Reverse': async (request) => Uint8Array.from(request).reverse(),
  '/t/Refuse': async () => {
    throw new InvalidRequestError('Größe: 100% "falsch"');
  },
  '/t/Surrogate': async () => {
    throw new InvalidRequestError('half a pair: \ud800.');
  },
  '/t/Wait': (_request, { signal }) =>
    new Promise((_done, fail) => {
      seen.push('waits');
      signal.addEventListener('abort', () => {
        seen.push('aborted');
        fail(new Error('aborted'));
      });
    }),
  /** As many messages of as many bytes as the request's first two bytes say; then it fails, if there is a third. */
  '/t/Count': async function* ([messages = 0, kilobytes = 0, fails]) {
    try {
      for (let index = 0; index < messages; index++) {
        seen.push('message');
        yield Buffer.alloc(kilobytes * 1024, index);
      }
      if (fails) throw new InvalidRequestError('Enough.');
    } finally {
      seen.push('ended');
    }
  },
};

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((done) => setTimeout(done, 5));
}

/** Messages of the provider's log. */
const logged: string[] = [];
const note = (message: string) => void logged.push(message);
const log: Log = { trace: note, debug: note, info: note, warn: note, error: note };

let server: Http2Server;
let session: ClientHttp2Session;

beforeAll(async () => {
  server = createPlainServer(() => {});
  serveMethods(server, (path) => methods[path], log);
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

  test('a status message with half a surrogate pair is sent without it, and harms nobody', async () => {
    const reply = await call('/t/Surrogate', [framed(Buffer.of())]);
    expect(reply).toMatchObject({ status: '3', message: 'half a pair: \ufffd.' });
    expect((await call('/t/Reverse', [framed(Buffer.from('ab'))])).status).toBe('0');
  });

  test('a call learns that its client cancelled it', async () => {
    seen.length = 0;
    const stream = session.request({ ':method': 'POST', ':path': '/t/Wait', 'content-type': 'application/grpc' });
    stream.on('error', () => {});
    stream.end(framed(Buffer.of()));
    await until(() => seen.includes('waits'));
    stream.close(constants.NGHTTP2_CANCEL);
    await until(() => seen.includes('aborted'));
    // Nobody has failed: it is no line that an operator should be woken by.
    await until(() => logged.includes('cancelled'));
    expect(logged).not.toContain('call failed');
    expect((await call('/t/Reverse', [framed(Buffer.from('ab'))])).status).toBe('0');
  });
});

describe('a stream of replies', () => {
  test('comes message by message, and ends with the status', async () => {
    const reply = await call('/t/Count', [framed(Buffer.of(3, 1))]);
    expect(reply).toMatchObject({ status: '0', message: '' });
    expect(reply.body).toEqual(Buffer.concat([0, 1, 2].map((index) => framed(Buffer.alloc(1024, index)))));
  });

  test('may be of no message', async () => {
    const reply = await call('/t/Count', [framed(Buffer.of())]);
    expect(reply).toMatchObject({ status: '0', body: Buffer.of() });
  });

  test.each([0, 2])('that fails after %d messages says so in its status', async (messages) => {
    const reply = await call('/t/Count', [framed(Buffer.of(messages, 0, 1))]);
    expect(reply).toMatchObject({ status: '3', message: 'Enough.' });
    expect(reply.body).toHaveLength(messages * 5);
  });

  test('is made no faster than the client takes it, and ends when the client has enough', async () => {
    seen.length = 0;
    // 255 messages of 255 KiB are 65 MB, eight times what flow control lets through unasked.
    const stream = session.request({ ':method': 'POST', ':path': '/t/Count', 'content-type': 'application/grpc' });
    stream.on('error', () => {});
    stream.pause();
    stream.end(framed(Buffer.of(255, 255)));
    await until(() => seen.includes('message'));
    await new Promise((done) => setTimeout(done, 200));
    expect(seen.length).toBeLessThan(255);
    expect(seen).not.toContain('ended');
    stream.close(constants.NGHTTP2_CANCEL);
    await until(() => seen.includes('ended'));
    expect(seen.length).toBeLessThan(255);
  });
});

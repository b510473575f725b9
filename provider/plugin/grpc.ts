import type { Http2Server, IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import type { Log } from '../framework/log';
import { InvalidRequestError } from '../protocol/invalid-request';
import { errorFields } from './log';

/**
 * gRPC over HTTP/2 (PROTOCOL-HTTP2.md of grpc), as far as a provider serves
 * it: one message in, one message or a stream of them out. Any size; no
 * compression, which Terraform does not use. A grpc-js server would cost 40 ms
 * more at every start.
 */

/** What a method learns of the call it answers. */
export interface Call {
  /** Aborted when the client cancels the call or goes away before it is answered. */
  readonly signal: AbortSignal;
}

/** One call with one reply: the request's bytes to the reply's. */
export type UnaryMethod = (request: Uint8Array, call: Call) => Promise<Uint8Array>;
/** One call: its reply, or its replies one by one, which are sent as fast as the client takes them. */
export type Method = (request: Uint8Array, call: Call) => Promise<Uint8Array> | AsyncIterable<Uint8Array>;
/** Finds the method of a path like `/tfplugin6.Provider/ReadResource`. */
export type MethodFinder = (path: string) => Method | undefined;

const OK = 0;
const INVALID_ARGUMENT = 3;
const UNIMPLEMENTED = 12;
const INTERNAL = 13;

/** Every message is preceded by one byte (1: compressed) and its length in four. */
const PREFIX_BYTES = 5;

export function serveMethods(server: Pick<Http2Server, 'on'>, find: MethodFinder, log: Log): void {
  server.on('stream', (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => {
    const path = String(headers[':path']);
    // A client that goes away in mid-call is no error of ours.
    stream.on('error', (error) => log.debug('stream failed', { path, ...errorFields(error) }));
    const method = find(path);
    if (method === undefined) {
      // Answered without waiting for the request: GRPCBroker's client never ends its side.
      refuse(stream, UNIMPLEMENTED, `This provider does not serve ${path}.`);
      return;
    }
    answer(stream, method)
      .then(() => log.trace('answered', { path }))
      .catch((error) => {
        // Whoever cancelled a call made it fail, and waits for no answer.
        if (stream.destroyed) return log.debug('cancelled', { path });
        if (error instanceof InvalidRequestError) return refuse(stream, INVALID_ARGUMENT, error.message);
        log.error('call failed', { path, ...errorFields(error) });
        refuse(stream, INTERNAL, `${path} failed inside the provider; its log (TF_LOG=error) says where.`);
      })
      // Nothing that goes wrong with one call may end the process with all the others.
      .catch((error) => log.error('call not refused', { path, ...errorFields(error) }));
  });
}

async function answer(stream: ServerHttp2Stream, method: Method): Promise<void> {
  const request = unframe(await readAll(stream));
  const gone = new AbortController();
  const onClose = () => gone.abort();
  stream.once('close', onClose);
  try {
    const reply = method(request, { signal: gone.signal });
    if (Symbol.asyncIterator in reply) {
      await sendAll(stream, reply);
    } else {
      const message = await reply;
      if (stream.destroyed) return;
      begin(stream);
      stream.end(frame(message));
    }
  } finally {
    stream.off('close', onClose);
  }
}

/** Headers now, and the status when the body has ended: OK, unless `refuse` says another before. */
function begin(stream: ServerHttp2Stream): void {
  stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
  stream.once('wantTrailers', () => stream.sendTrailers(trailers.get(stream) ?? { 'grpc-status': String(OK) }));
}

/** The status of a stream that failed after its first message. */
const trailers = new WeakMap<ServerHttp2Stream, Record<string, string>>();

async function sendAll(stream: ServerHttp2Stream, messages: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const message of messages) {
    if (stream.destroyed) return;
    if (!stream.headersSent) begin(stream);
    if (!stream.write(frame(message))) await drained(stream);
  }
  if (stream.destroyed) return;
  if (!stream.headersSent) begin(stream);
  stream.end();
}

function drained(stream: ServerHttp2Stream): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      stream.off('drain', done).off('close', done);
      resolve();
    };
    stream.on('drain', done).on('close', done);
  });
}

/** Status alone, in the headers of a reply without a body; in the trailers, where a message has left already. */
function refuse(stream: ServerHttp2Stream, status: number, message: string): void {
  if (stream.destroyed || stream.writableEnded) return;
  const refusal = { 'grpc-status': String(status), 'grpc-message': percentEncoded(message) };
  if (stream.headersSent) {
    trailers.set(stream, refusal);
    stream.end();
    return;
  }
  stream.resume();
  stream.respond({ ':status': 200, 'content-type': 'application/grpc', ...refusal }, { endStream: true });
}

function readAll(stream: ServerHttp2Stream): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('end', () => resolve(Buffer.concat(chunks)));
    stream.on('aborted', () => reject(new InvalidRequestError('The request was cancelled before its end.')));
    stream.on('error', reject);
  });
}

function unframe(body: Buffer): Uint8Array {
  if (body.length < PREFIX_BYTES || body.length !== PREFIX_BYTES + body.readUInt32BE(1)) {
    throw new InvalidRequestError(`The request of ${body.length} bytes is not one gRPC message.`);
  }
  if (body[0] !== 0) {
    throw new InvalidRequestError('The request is compressed, which this provider has not offered.');
  }
  return body.subarray(PREFIX_BYTES);
}

function frame(message: Uint8Array): Buffer {
  const framed = Buffer.allocUnsafe(PREFIX_BYTES + message.length);
  framed[0] = 0;
  framed.writeUInt32BE(message.length, 1);
  framed.set(message, PREFIX_BYTES);
  return framed;
}

/**
 * As `grpc-message` wants it: what is not printable ASCII, and `%`, as UTF-8
 * in percent signs. Half a surrogate pair, which no UTF-8 has, becomes U+FFFD.
 */
function percentEncoded(text: string): string {
  return Buffer.from(text)
    .toString()
    .replace(/[^\x20-\x24\x26-\x7e]+/g, encodeURIComponent);
}

import type { Http2Server, IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import type { Log } from '../framework/log';
import { InvalidRequestError } from '../protocol/invalid-request';
import { errorFields } from './log';

/**
 * gRPC over HTTP/2 (PROTOCOL-HTTP2.md of grpc), as far as a provider serves
 * it: one message in, one message out. Any size; no compression, which
 * Terraform does not use. A grpc-js server would cost 40 ms more at every start.
 */

/** One call: the request's bytes to the reply's. */
export type UnaryMethod = (request: Uint8Array) => Promise<Uint8Array>;
/** Finds the method of a path like `/tfplugin6.Provider/ReadResource`. */
export type MethodFinder = (path: string) => UnaryMethod | undefined;

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
    answer(stream, method).then(
      () => log.trace('answered', { path }),
      (error) => {
        if (error instanceof InvalidRequestError) {
          refuse(stream, INVALID_ARGUMENT, error.message);
          return;
        }
        log.error('call failed', { path, ...errorFields(error) });
        refuse(stream, INTERNAL, `${path} failed inside the provider; its log (TF_LOG=error) says where.`);
      },
    );
  });
}

async function answer(stream: ServerHttp2Stream, method: UnaryMethod): Promise<void> {
  const reply = await method(unframe(await readAll(stream)));
  if (stream.destroyed) return;
  stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
  stream.once('wantTrailers', () => stream.sendTrailers({ 'grpc-status': String(OK) }));
  stream.end(frame(reply));
}

/** Status alone, in the headers of a reply without a body. */
function refuse(stream: ServerHttp2Stream, status: number, message: string): void {
  if (stream.destroyed || stream.headersSent) return;
  stream.resume();
  stream.respond(
    {
      ':status': 200,
      'content-type': 'application/grpc',
      'grpc-status': String(status),
      'grpc-message': percentEncoded(message),
    },
    { endStream: true },
  );
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

/** As `grpc-message` wants it: what is not printable ASCII, and `%`, as UTF-8 in percent signs. */
function percentEncoded(text: string): string {
  return text.replace(/[^\x20-\x24\x26-\x7e]+/g, encodeURIComponent);
}

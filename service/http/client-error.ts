import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyBaseLogger } from 'fastify';
import { HEADER_REQUEST_ID, PROBLEM_CONTENT_TYPE } from '../../contract/api';
import { KsmError } from '../../contract/errors';
import { randomUUID } from '../world/random';
import type { Connections } from './connections';
import { problemOf, routeNotFound } from './problem';

interface UnreadableError extends NodeJS.ErrnoException {
  /** SECRET: the bytes, and with them maybe a bearer token. */
  readonly rawPacket?: Buffer;
}

interface UnreadableOptions {
  readonly connections: Connections;
  readonly log: FastifyBaseLogger;
  /** Counts it against the address. The error to answer with if that has made too many. */
  readonly limit: (address: string) => KsmError | undefined;
}

/** Answers what reaches no route. Of the bytes nothing is logged. */
export interface Unreadable {
  /** Bytes that are no HTTP request, or not in time. */
  answer(error: Error, socket: Socket): void;
  /** `CONNECT`: Node hands over the bare connection. */
  answerConnect(request: IncomingMessage, socket: Socket): void;
}

export function unreadableRequests(options: UnreadableOptions): Unreadable {
  const { connections } = options;
  return {
    answer(error: UnreadableError, socket) {
      if (connections.isEnding(socket)) {
        return;
      }
      if (!canBeAnswered(error, socket, connections)) {
        socket.destroy();
        return;
      }
      const withoutBody = error.rawPacket?.subarray(0, 5).toString('latin1') === 'HEAD ';
      refuse(options, socket, problemFor(error), { withoutBody });
    },

    answerConnect({ url = '' }, socket) {
      // Node has taken its own listeners off.
      socket.on('error', () => socket.destroy());
      refuse(options, socket, routeNotFound({ method: 'CONNECT', url }));
    },
  };
}

/** Who has sent nothing at all waits for no answer, and would take it for that to its first request. */
function canBeAnswered(error: UnreadableError, socket: Socket, connections: Connections): boolean {
  return connections.isOpen(socket) && error.code !== 'ECONNRESET' && socket.writable && socket.bytesRead > 0;
}

function problemFor({ code = 'unknown' }: UnreadableError): KsmError {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return new KsmError('headers_too_large', 'The request line and the headers have more than 16 KiB. Send less.');
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new KsmError(
        'request_incomplete',
        'The request did not arrive in time. Check the network, then send it anew.',
      );
    default:
      return new KsmError(
        'invalid_request',
        `This is not a complete HTTP request (${code}). Check the client and any proxy.`,
      );
  }
}

function refuse(
  { connections, log, limit }: UnreadableOptions,
  socket: Socket,
  error: KsmError,
  { withoutBody = false } = {},
): void {
  const requestId = randomUUID();
  const ip = socket.remoteAddress ?? '';
  const known = limit(ip) ?? error;
  const quiet = known.code === 'rate_limited';
  log[quiet ? 'debug' : 'info']({ requestId, status: known.status, ip, reason: error.detail }, 'unreadable request');
  const body = JSON.stringify(problemOf(known, requestId));
  const { retryAfterSeconds } = known.facts;
  connections.end(
    socket,
    [
      `HTTP/1.1 ${known.status} ${known.code}`,
      `Content-Type: ${PROBLEM_CONTENT_TYPE}`,
      `Content-Length: ${Buffer.byteLength(body)}`,
      `${HEADER_REQUEST_ID}: ${requestId}`,
      'Cache-Control: no-store',
      ...(retryAfterSeconds === undefined ? [] : [`Retry-After: ${Math.ceil(retryAfterSeconds)}`]),
      'Connection: close',
      '',
      withoutBody ? '' : body,
    ].join('\r\n'),
  );
}

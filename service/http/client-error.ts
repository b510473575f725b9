import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import { HEADER_REQUEST_ID, PROBLEM_CONTENT_TYPE } from '../../contract/api';
import { KsmError } from '../../contract/errors';
import { problemOf } from './problem';

/**
 * Answers bytes that are no HTTP request. Nothing is logged: Node's error
 * carries the packet, and with it maybe a bearer token.
 */
export function answerUnreadable(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const requestId = randomUUID();
  const problem = problemOf(
    new KsmError(
      'invalid_request',
      `This is not a complete HTTP request (${error.code ?? 'unknown'}). Check the client and any proxy.`,
    ),
    requestId,
  );
  const body = JSON.stringify(problem);
  socket.end(
    [
      'HTTP/1.1 400 Bad Request',
      `Content-Type: ${PROBLEM_CONTENT_TYPE}`,
      `Content-Length: ${Buffer.byteLength(body)}`,
      `${HEADER_REQUEST_ID}: ${requestId}`,
      'Connection: close',
      '',
      body,
    ].join('\r\n'),
  );
}

import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { after, every } from '../world/timers';

/** How long a connection may be in each of its states, so that its descriptor always comes back. */
export interface ConnectionLimits {
  /** For the TLS handshake, in milliseconds. */
  readonly handshakeMs: number;
  /** From the first byte of a request (or the start of a connection) to the end of its headers, in milliseconds. */
  readonly headersMs: number;
  /** From the first byte of a request to the last of its body, in milliseconds. */
  readonly requestMs: number;
  /** Between two requests, in milliseconds: longer than clients keep one, since closing under a request looks like a failure. */
  readonly keepAliveMs: number;
  /** In whatever state, when not one byte goes in either direction: a client that does not take its reply. In milliseconds. */
  readonly silenceMs: number;
  /** From the end of the service's side to that of the client's, in milliseconds. */
  readonly lingerMs: number;
  /** How often headers and requests are looked at, in milliseconds: they end so much later at most. */
  readonly checkMs: number;
  /** Of a body that was refused before it was read: bytes and milliseconds until the connection is closed under it. */
  readonly unreadBytes: number;
  readonly unreadMs: number;
}

export const DEFAULT_CONNECTION_LIMITS: ConnectionLimits = {
  handshakeMs: 10_000,
  headersMs: 20_000,
  requestMs: 60_000,
  keepAliveMs: 75_000,
  silenceMs: 120_000,
  lingerMs: 2_000,
  checkMs: 5_000,
  unreadBytes: 16 * 1_048_576,
  unreadMs: 5_000,
};

const UNREAD_CHECK_MS = 50;

interface Exchange {
  readonly request: IncomingMessage;
  readonly reply: ServerResponse;
}

/** The requests of each connection that are not answered yet, in the order in which they came. */
export interface Connections {
  /**
   * Ends a connection, with this text for the last answer if it may have one: none after bytes that no request
   * could carry while earlier requests are still being answered, since it would be taken for the answer to one of those.
   */
  end(socket: Socket, text?: string): void;
  /**
   * Whether the TLS handshake is done, if there is one. Before that a socket keeps whatever is written for later, and
   * would wait for that moment with its descriptor.
   */
  isOpen(socket: Socket): boolean;
  /** Whether `end` was called already. */
  isEnding(socket: Socket): boolean;
}

export function watchConnections(server: Server, limits: ConnectionLimits): Connections {
  const unanswered = new WeakMap<Socket, Set<Exchange>>();
  const ending = new WeakSet<Socket>();
  const secured = new WeakSet<Socket>();

  server.on('secureConnection', (socket: Socket) => secured.add(socket));
  server.on('request', (request: IncomingMessage, reply: ServerResponse) => {
    const { socket } = request;
    const exchanges = unanswered.get(socket) ?? new Set();
    unanswered.set(socket, exchanges);
    const exchange = { request, reply };
    exchanges.add(exchange);
    // `close` comes once for every reply, also for one whose client went away.
    reply.once('close', () => exchanges.delete(exchange));
    reply.once('finish', () => {
      if (!request.complete) {
        closeUnlessRead(request, limits);
      }
    });
  });

  // Node would answer both by itself: the first before anybody knows whether the body is wanted, the second without a problem.
  for (const event of ['checkContinue', 'checkExpectation']) {
    server.on(event, (request, reply) => server.emit('request', request, reply));
  }

  function close(socket: Socket, text = ''): void {
    socket.end(text);
    // What the client's side leaves open would keep the descriptor for ever.
    socket.once(
      'close',
      after(limits.lingerMs, () => socket.destroy()),
    );
  }

  return {
    isOpen: (socket) => !(socket instanceof TLSSocket) || secured.has(socket),
    isEnding: (socket) => ending.has(socket),
    end(socket, text) {
      ending.add(socket);
      const exchanges = [...(unanswered.get(socket) ?? [])];
      const last = exchanges.at(-1);
      // A request that is not complete is the one that the bytes belong to, and the text answers it.
      const answered = last && !last.request.complete && !last.reply.headersSent ? exchanges.slice(0, -1) : exchanges;
      const before = answered.at(-1);
      if (before) {
        before.reply.once('close', () => close(socket));
      } else {
        close(socket, text);
      }
    },
  };
}

/** The client may go on sending what nobody wants, so that it gets to read why; within bounds. */
function closeUnlessRead(request: IncomingMessage, { unreadBytes, unreadMs }: ConnectionLimits): void {
  const { socket } = request;
  const before = socket.bytesRead;
  let waited = 0;
  const end = every(UNREAD_CHECK_MS, () => {
    waited += UNREAD_CHECK_MS;
    if (request.complete || socket.destroyed) {
      end();
    } else if (waited >= unreadMs || socket.bytesRead - before > unreadBytes) {
      socket.destroy();
    }
  });
}

import { readdirSync } from 'node:fs';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { connect as tlsConnect } from 'node:tls';
import { listen } from '../../../service/host/listener';
import { openLocalAuthority } from '../../../service/tls/local-authority';
import { type Temporary, temporaryFolder } from '../running-service';
import { type Api, type ApiOptions, startApi } from './api';

/** The whole app on a real port, to be spoken to by bytes. */
export interface ListeningApi {
  readonly api: Api;
  readonly port: number;
  /** A bare connection: nothing is sent, no handshake neither. */
  open(): Promise<Raw>;
  /** A connection on which requests can be sent: with TLS the handshake is done. */
  connect(): Promise<Raw>;
  /** Connections that the server has now. */
  connections(): Promise<number>;
  close(): Promise<void>;
}

export interface Raw {
  readonly socket: Socket;
  /** What has come so far. */
  readonly received: string;
  /** Resolves with all that came when the server has closed. */
  readonly closed: Promise<string>;
  send(...lines: string[]): void;
}

export async function startListeningApi(options: ApiOptions & { https: boolean }): Promise<ListeningApi> {
  const { https, ...rest } = options;
  const folder: Temporary = temporaryFolder();
  const identity = https ? await openLocalAuthority(join(folder.folder, 'tls'), ['localhost'], Date.now()) : undefined;
  const api = await startApi({ ...rest, tls: identity });
  const listener = await listen(api.app, { host: '127.0.0.1', port: 0 });
  const { server } = api.app.http;
  const { port } = server.address() as AddressInfo;
  const sockets: Socket[] = [];
  const open = async (): Promise<Raw> => {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    sockets.push(socket);
    await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
    return raw(socket);
  };
  return {
    api,
    port,
    open,
    async connect() {
      if (!https) {
        return open();
      }
      const bare = await open();
      const socket = tlsConnect({ socket: bare.socket, rejectUnauthorized: false });
      await new Promise((resolve, reject) => socket.once('secureConnect', resolve).once('error', reject));
      return raw(socket);
    },
    connections: () =>
      new Promise((resolve, reject) => {
        server.getConnections((error, count) => (error ? reject(error) : resolve(count)));
      }),
    async close() {
      for (const socket of sockets) {
        socket.destroy();
      }
      await listener.stop();
      await api.close();
      folder.remove();
    },
  };
}

function raw(socket: Socket): Raw {
  let received = '';
  socket.on('data', (chunk) => {
    received += chunk;
  });
  // A server may well reset who does not listen.
  socket.on('error', () => undefined);
  const closed = new Promise<string>((resolve) => {
    socket.once('end', () => resolve(received)).once('close', () => resolve(received));
  });
  return {
    socket,
    closed,
    get received() {
      return received;
    },
    send: (...lines) => {
      socket.write(lines.join('\r\n'));
    },
  };
}

/** Open descriptors of this process. */
export const descriptors = () => readdirSync('/proc/self/fd').length;

/** Polls for less than a test may take (30 s unless it says so), so that the message is seen. */
export async function until(what: string, read: () => boolean | Promise<boolean>, limitMs = 15_000): Promise<void> {
  const start = performance.now();
  while (!(await read())) {
    if (performance.now() - start > limitMs) {
      throw new Error(`Waited in vain for ${what}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

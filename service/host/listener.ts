import type { AddressInfo, Server, Socket } from 'node:net';
import type { App } from '../app';
import type { ListenAddress } from './listen-address';
import { reasonOf, StartError } from './start-error';

export interface Listener {
  /** The port that it listens on: the one that was asked for, or a free one. */
  readonly port: number;
  /** Lets what is in flight finish, then closes every connection. */
  stop(): Promise<void>;
}

/** @throws StartError `address_in_use`, `listen_refused` */
export async function listen({ http, drain }: App, { host, port }: ListenAddress): Promise<Listener> {
  const connections = closable(http.server);
  try {
    await http.listen({ host, port, listenTextResolver: () => 'listening' });
  } catch (error) {
    await http.close();
    throw refusal(error, host, port);
  }
  return {
    port: (http.server.address() as AddressInfo).port,
    async stop() {
      await drain.begin();
      connections.close();
      await http.close();
    },
  };
}

/** `closeAllConnections` forgets those that are still in their TLS handshake, and the end would wait for them. */
function closable(server: Server): { close(): void } {
  const open = new Set<Socket>();
  let closed = false;
  server.on('connection', (socket: Socket) => {
    if (closed) {
      socket.destroy();
      return;
    }
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  return {
    close() {
      closed = true;
      for (const socket of open) {
        socket.destroy();
      }
    },
  };
}

function refusal(error: unknown, host: string, port: number): StartError {
  const reason = reasonOf(error);
  if (reason === 'EADDRINUSE') {
    return new StartError(
      'address_in_use',
      `Port ${port} on ${host} is in use by another program. Stop that one, or give --listen another port (0 takes a free one).`,
      { cause: error },
    );
  }
  const cure =
    reason === 'EACCES'
      ? 'Ports below 1024 are for privileged users: choose a higher one.'
      : 'Give --listen an address of this machine.';
  return new StartError('listen_refused', `Cannot listen on ${host}, port ${port} (${reason}). ${cure}`, {
    cause: error,
  });
}

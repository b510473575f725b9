import type { AddressInfo } from 'node:net';
import type { App } from './app';
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
      await http.close();
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

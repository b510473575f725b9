import { createServer, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A line to a service that passes every request on, and cuts the connection instead of some replies. */
export async function losingReplies(endpoint: string, loses: (request: IncomingMessage) => boolean) {
  const server = createServer((incoming, reply) => {
    const lost = loses(incoming);
    const { method, url, headers } = incoming;
    const onward = request(`${endpoint}${url}`, { method, headers }, (answer) => {
      if (lost) {
        answer.resume().on('end', () => incoming.socket.destroy());
        return;
      }
      reply.writeHead(answer.statusCode!, answer.headers);
      answer.pipe(reply);
    });
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

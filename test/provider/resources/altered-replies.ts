import { createServer, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a proxy in between does: undefined passes a reply on as it is. */
export interface Alterations {
  /** Another body for this reply. */
  alter?(incoming: IncomingMessage, body: string): string | undefined;
  /** So long the request waits before it goes on, in milliseconds. */
  delay?(incoming: IncomingMessage): number;
}

/** A line to a service that passes every request on, late or with another answer where the test says so. */
export async function alteredReplies(endpoint: string, { alter, delay }: Alterations) {
  const server = createServer((incoming, reply) => {
    const { method, url, headers } = incoming;
    const onward = request(`${endpoint}${url}`, { method, headers }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () => {
        const body = Buffer.concat(chunks).toString();
        const altered = Buffer.from(alter?.(incoming, body) ?? body);
        const length = answer.statusCode === 204 ? {} : { 'content-length': altered.length };
        reply.writeHead(answer.statusCode!, { ...answer.headers, ...length }).end(altered);
      });
    });
    setTimeout(() => incoming.pipe(onward), delay?.(incoming) ?? 0);
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

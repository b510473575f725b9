import { connect, createServer } from 'node:net';

/** A TCP line to a service on this machine on which every byte takes so long, each way. */
export async function slowLine(endpoint: string, delayMs: number): Promise<{ endpoint: string; close(): void }> {
  const { hostname, port, protocol } = new URL(endpoint);
  const server = createServer((near) => {
    const far = connect(Number(port), hostname);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      from.on('data', (chunk) => setTimeout(() => to.write(chunk), delayMs));
      from.on('end', () => setTimeout(() => to.end(), delayMs));
      from.on('error', () => to.destroy());
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address() as { port: number };
  return { endpoint: `${protocol}//127.0.0.1:${address.port}`, close: () => void server.close() };
}

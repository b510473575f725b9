/** The line between the service and Keeper Commander, and what goes wrong on it: a connection that ends, a proxy. */

import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface LineFault {
  /** Of the request: its method, its path, and the command in it. */
  readonly matches: RegExp;
  /** Whether Commander gets it all the same: it has answered then, or it runs on. */
  readonly reaches: boolean | 'runs on';
  /** What the caller gets in the place of the answer; undefined: its connection ends. */
  readonly page?: { readonly status: number; readonly body?: string } | undefined;
  /** How often. @default 1 */
  readonly count?: number;
  /** Nothing goes wrong but what happens `meanwhile`. */
  readonly passes?: true;
  /** Done when the request has come, before it goes on. */
  readonly meanwhile?: () => Promise<void>;
  /** Done when Commander has answered, before that goes on. */
  readonly afterwards?: () => Promise<void>;
}

export const PAGE = '<!DOCTYPE html><html><head><title>Bad Gateway</title></head></html>';

export class Line {
  /** Of what Commander has answered, in that order. */
  readonly statuses: number[] = [];
  /** Ids of the requests that it has taken into its queue, in that order. */
  readonly queued: string[] = [];
  readonly #faults: { fault: LineFault; left: number }[] = [];

  private constructor(
    readonly url: string,
    readonly server: Server,
  ) {}

  static async to(port: number): Promise<Line> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const line = new Line(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, server);
    server.on('request', async (asked, answer) => {
      const body = await bytesOf(asked);
      if (!body) return;
      const fault = line.#take(`${asked.method} ${asked.url} ${body}`);
      await fault?.meanwhile?.();
      const forwarded = fault?.reaches === false ? undefined : forward();
      const reply = fault?.reaches === 'runs on' ? undefined : await forwarded;
      if (reply) line.statuses.push(reply.status);
      const id = asked.url?.endsWith('-async') && /"request_id":\s*"([^"]+)"/.exec(String(reply?.body))?.[1];
      if (id) line.queued.push(id);
      await fault?.afterwards?.();
      if (fault?.page) {
        answer.writeHead(fault.page.status, { 'content-type': 'text/html; charset=utf-8' });
        answer.end(fault.page.body ?? PAGE);
      } else if ((fault && !fault.passes) || !reply) {
        asked.socket.destroy();
      } else {
        answer.writeHead(reply.status, reply.headers);
        answer.end(reply.body);
      }

      function forward() {
        return new Promise<{ status: number; headers: NodeJS.Dict<string | string[]>; body: Buffer } | undefined>(
          (resolve) => {
            const options = {
              method: asked.method!,
              path: asked.url!,
              headers: asked.headers,
              port,
              host: '127.0.0.1',
            };
            const sent = request({ ...options, agent: false }, async (reply) => {
              const got = await bytesOf(reply);
              resolve(got && { status: reply.statusCode!, headers: reply.headers, body: got });
            });
            sent.on('error', () => resolve(undefined));
            sent.end(body);
          },
        );
      }
    });
    return line;
  }

  fail(fault: LineFault): void {
    this.#faults.push({ fault, left: fault.count ?? 1 });
  }

  heal(): void {
    this.#faults.length = 0;
  }

  #take(text: string): LineFault | undefined {
    const index = this.#faults.findIndex(({ fault }) => fault.matches.test(text));
    const found = this.#faults[index];
    if (found && --found.left === 0) this.#faults.splice(index, 1);
    return found?.fault;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }
}

/** Undefined: whoever sent them is no more. */
async function bytesOf(message: IncomingMessage): Promise<Buffer | undefined> {
  const pieces: Buffer[] = [];
  try {
    for await (const piece of message) pieces.push(piece as Buffer);
  } catch {
    return undefined;
  }
  return Buffer.concat(pieces);
}

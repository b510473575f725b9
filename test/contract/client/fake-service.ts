import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type ClientOptions, KsmClient, type Surroundings, systemSurroundings } from '../../../contract/client';

export const CANARY = 'canary-token-Zq7rJmNBqKIl0mLk';

export interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

type Answer = (response: ServerResponse, seen: Seen, count: number) => void;

/** A fake at the process edge: answers as the test says and remembers what came. */
export async function fakeService(answer: Answer) {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      const one = { method: request.method ?? '', url: request.url ?? '', headers: request.headers, body };
      seen.push(one);
      answer(response, one, seen.length);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    endpoint,
    seen,
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

export function client(endpoint: string, options: Partial<ClientOptions> = {}): KsmClient {
  return new KsmClient({
    endpoint,
    token: CANARY,
    requestTimeoutMs: 2_000,
    operationTimeoutMs: 10_000,
    maxRetries: 2,
    userAgent: 'test',
    ...options,
  });
}

export const json = (response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}) =>
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));

export const problem = (
  response: ServerResponse,
  status: number,
  code: string,
  extra: Record<string, unknown> = {},
  headers: Record<string, string> = {},
) =>
  json(
    response,
    status,
    { type: 'about:blank', title: '', status, code, detail: `detail of ${code}`, requestId: 'req-1', ...extra },
    headers,
  );

interface QuickTime {
  /** What is drawn by chance. @default 0 */
  readonly random?: number;
  /** Which waits pass at once; limits of requests run by the real clock. @default those below 60 s */
  readonly passes?: (milliseconds: number) => boolean;
}

/** A time in which waits pass at once, and are written down. */
export function quickTime({ random = 0, passes = (milliseconds) => milliseconds < 60_000 }: QuickTime = {}) {
  let now = 5_000;
  const waits: number[] = [];
  const surroundings: Surroundings = {
    ...systemSurroundings,
    now: () => now,
    random: () => random,
    after: (milliseconds, then) => {
      if (!passes(milliseconds)) return systemSurroundings.after(milliseconds, then);
      waits.push(milliseconds);
      const passed = setImmediate(() => {
        now += milliseconds;
        then();
      });
      return () => clearImmediate(passed);
    },
  };
  return {
    ...surroundings,
    waits,
    pass: (milliseconds: number) => {
      now += milliseconds;
    },
    /** For a client in this time: its requests have 60 s, its operations ten minutes. */
    options: { surroundings, requestTimeoutMs: 60_000, operationTimeoutMs: 600_000 },
  };
}

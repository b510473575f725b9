/** One request to Service Mode, and its answer as it came. It logs nothing: commands carry names, and replies carry tokens. */

import { type IncomingHttpHeaders, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';

export const MIN_VERSION = '18.1.8';
const REQUEST_TIMEOUT_MS = 30_000;

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** @param timeout without a byte for so long, in milliseconds. @throws Error as Node has it, see `codeOf` */
export type Ask = (method: 'GET' | 'POST', path: string, body?: object, timeout?: number) => Promise<Answer>;

export function createExchange(options: { url: URL; apiKey: string; ca?: string | undefined }): Ask {
  const { url: base, apiKey } = options;
  return (method, path, body, timeout = REQUEST_TIMEOUT_MS) =>
    new Promise((resolve, reject) => {
      const text = body && JSON.stringify(body);
      const send = base.protocol === 'https:' ? requestHttps : requestHttp;
      const request = send(
        {
          method,
          hostname: base.hostname,
          port: base.port || (base.protocol === 'https:' ? 443 : 80),
          path,
          ca: options.ca,
          agent: false,
          timeout,
          headers: {
            'api-key': apiKey,
            'min-commander-version': MIN_VERSION,
            ...(text !== undefined && {
              'content-type': 'application/json',
              'content-length': Buffer.byteLength(text),
            }),
          },
        },
        (reply) => {
          const pieces: Buffer[] = [];
          reply.on('data', (piece: Buffer) => pieces.push(piece));
          reply.on('error', reject);
          reply.on('end', () =>
            resolve({ status: reply.statusCode ?? 0, headers: reply.headers, body: Buffer.concat(pieces) }),
          );
        },
      );
      request.on('timeout', () => request.destroy(new Error('it did not answer in time')));
      request.on('error', reject);
      request.end(text);
    });
}

/** Nobody was there, or was not who is trusted: nothing arrived. */
export const isUnreachable = (error: unknown) =>
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|CERT_|DEPTH_|SELF_SIGNED|UNABLE_TO|ERR_TLS)/.test(
    codeOf(error),
  );

export const codeOf = (error: unknown): string => {
  const { code, message } = error as { code?: string; message?: string };
  return code ?? message ?? 'unknown';
};

import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { HEADER_RUN } from '../api';
import type { ClientOptions, Exchange, Reply } from './exchange';
import type { Way } from './failures';
import { type ProxyServer, proxyOf } from './proxy';

/** Terraform's default parallelism is 10; a little more keeps a raised one busy without a flood of handshakes. */
const MAX_SOCKETS = 16;
/** A snapshot of 10,000 devices is about 8 MB. */
const MAX_REPLY_BYTES = 64 * 1024 * 1024;

/** What makes requests, and by which way. */
export interface Connection {
  readonly way: Way;
  /** Replies of any status; rejects with what axios throws, which must go no further: it carries the bearer token. */
  request(exchange: Exchange, headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<Reply>;
}

/** Loads axios, which costs more than the rest of the client: at the first request alone. */
export async function connect(options: ClientOptions): Promise<Connection> {
  const { endpoint, caCertificate, requestTimeoutMs } = options;
  const proxy = options.direct ? undefined : proxyOf(endpoint, options.environment ?? process.env);
  const axios = await createAxios(options, proxy);
  return {
    way: { endpoint, caCertificate, requestTimeoutMs, proxyVariable: proxy?.variable },
    request: ({ method, path, query, body }, headers, signal) =>
      axios.request({ method, url: path, params: query, data: body, headers, signal }),
  };
}

async function createAxios(options: ClientOptions, proxy: ProxyServer | undefined) {
  const { default: axios } = await import('axios');
  const agent = { keepAlive: true, maxSockets: MAX_SOCKETS };
  return axios.create({
    baseURL: `${options.endpoint.replace(/\/+$/, '')}/v1`,
    headers: {
      authorization: `Bearer ${options.token}`,
      accept: 'application/json, application/problem+json',
      'user-agent': options.userAgent,
      ...(options.runId ? { [HEADER_RUN]: options.runId } : {}),
    },
    httpAgent: new HttpAgent(agent),
    httpsAgent: new HttpsAgent({
      ...agent,
      minVersion: 'TLSv1.2',
      ...(options.caCertificate ? { ca: options.caCertificate } : {}),
    }),
    // Never axios' own reading of the environment, which asks a proxy for the way to this machine.
    proxy: proxy ?? false,
    // A redirect would carry the bearer token to another host.
    maxRedirects: 0,
    maxContentLength: MAX_REPLY_BYTES,
    // A list is `uid=a&uid=b`.
    paramsSerializer: { indexes: null },
    validateStatus: () => true,
    responseType: 'text',
    transformResponse: (body: unknown) => body,
  });
}

/** The HTTP app: every route and hook in its order. It is built here and never listens; `main.ts` does. */

import { randomUUID } from 'node:crypto';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import { HEADER_REQUEST_ID } from '../contract/api';
import { BODY_LIMIT_BYTES } from '../contract/limits';
import { Problem } from '../contract/schemas';
import type { DeviceApi } from './device-api/device-api';
import { authenticate } from './http/authentication';
import { authorise } from './http/authorisation';
import { answerUnreadable } from './http/client-error';
import { deviceApiRoutes } from './http/device-api';
import { type Drain, drainable } from './http/drain';
import { healthRoutes } from './http/health';
import { readJsonBodies } from './http/json-body';
import { measureRequests } from './http/metrics';
import { describeRoutes } from './http/openapi';
import { routeNotFound, sendProblem } from './http/problem';
import { DEFAULT_RATE_LIMIT, limitRate, type RateLimit } from './http/rate-limit';
import { logRequests } from './http/request-log';
import { routes } from './http/routes';
import { createValidatorCompiler } from './http/validation';
import type { Operations } from './operations/operations';
import type { Database } from './store/database';

/** A request that is not complete by then is given up, in milliseconds. */
const REQUEST_TIMEOUT_MS = 60_000;
/** Longer than clients keep an idle connection, so that they close first: closing under a request looks like a failure. */
const KEEP_ALIVE_MS = 75_000;
const HANDSHAKE_TIMEOUT_MS = 10_000;

export interface AppOptions {
  readonly operations: Operations;
  /** Asked whether it answers, by `/readyz`. */
  readonly database: Database;
  /** Undefined where devices ask the vault's own cloud. */
  readonly deviceApi?: DeviceApi | undefined;
  /** A pino logger, or one like it. */
  readonly log: FastifyBaseLogger;
  readonly version: string;
  /** Certificate (with its chain) and key, PEM. Undefined: plain HTTP. */
  readonly tls?: { readonly cert: string; readonly key: string } | undefined;
  readonly rateLimit?: RateLimit | undefined;
}

export interface App {
  readonly http: FastifyInstance;
  readonly drain: Drain;
}

export async function buildApp(options: AppOptions): Promise<App> {
  const { operations, database, version } = options;
  const http = createHttp(options);

  http.setValidatorCompiler(createValidatorCompiler());
  http.setErrorHandler(sendProblem);
  http.addHook('onRequest', async (request, reply) => {
    reply.header(HEADER_REQUEST_ID, request.id);
    // Replies carry one-time tokens.
    reply.header('cache-control', 'no-store');
  });
  const metrics = measureRequests(http);
  logRequests(http);
  const drain = drainable(http);
  await limitRate(http, options.rateLimit ?? DEFAULT_RATE_LIMIT);
  http.addHook('onRequest', async (request) => {
    // Before its body is read: what is wrong with a body matters to nobody at a path where there is nothing.
    if (request.is404) {
      throw routeNotFound(request);
    }
  });
  readJsonBodies(http);
  http.addSchema(Problem);
  await describeRoutes(http, version);
  healthRoutes(http, { database, metrics });
  await http.register(
    async (v1) => {
      authenticate(v1, operations.apiTokens);
      authorise(v1, operations.admit);
      for (const noun of routes) {
        await v1.register(noun(operations));
      }
    },
    { prefix: '/v1' },
  );
  if (options.deviceApi) {
    await http.register(deviceApiRoutes(options.deviceApi));
  }
  return { http, drain };
}

function createHttp({ log, tls }: AppOptions): FastifyInstance {
  const instance = fastify({
    // Fastify types a server with TLS as another class; nothing here depends on which it is.
    ...((tls ? { https: { ...tls, handshakeTimeout: HANDSHAKE_TIMEOUT_MS } } : {}) as Record<never, never>),
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    requestIdHeader: false,
    genReqId: () => randomUUID(),
    bodyLimit: BODY_LIMIT_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    forceCloseConnections: true,
    exposeHeadRoutes: false,
    clientErrorHandler: answerUnreadable,
    frameworkErrors: (error, request, reply) => {
      sendProblem(error, request, reply);
    },
  });
  return instance.withTypeProvider<TypeBoxTypeProvider>() as unknown as FastifyInstance;
}

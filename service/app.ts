/** The HTTP app: every route and hook in its order. It is built here and never listens; `main.ts` does. */

import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import { HEADER_REQUEST_ID } from '../contract/api';
import { BODY_LIMIT_BYTES } from '../contract/limits';
import { Problem } from '../contract/schemas';
import type { DeviceApi } from './device-api/device-api';
import { authenticate } from './http/authentication';
import { authorise } from './http/authorisation';
import { measureCertificate } from './http/certificate-metrics';
import { unreadableRequests } from './http/client-error';
import { measureCommands } from './http/commander-metrics';
import { type ConnectionLimits, DEFAULT_CONNECTION_LIMITS, watchConnections } from './http/connections';
import { deviceApiRoutes } from './http/device-api';
import { type Drain, drainable } from './http/drain';
import { continueWhenWanted, refuseUnusableHeads } from './http/head';
import { healthRoutes } from './http/health';
import { readJsonBodies } from './http/json-body';
import { measureRequests } from './http/metrics';
import { describeRoutes } from './http/openapi';
import { routeNotFound, sendProblem } from './http/problem';
import { createRateLimiter, DEFAULT_RATE_LIMIT, limitRate, type RateLimit, type RateLimiter } from './http/rate-limit';
import { logRequests } from './http/request-log';
import { routes } from './http/routes';
import { measureRuns } from './http/run-metrics';
import { createValidatorCompiler } from './http/validation';
import type { Operations } from './operations/operations';
import type { Database } from './store/database';
import type { CommandCounts } from './vault/command-counts';
import { type Clock, systemClock } from './world/clock';
import { randomUUID } from './world/random';

export interface AppOptions {
  readonly operations: Operations;
  /** Asked whether it answers, by `/readyz`. */
  readonly database: Database;
  /** Undefined where devices ask the vault's own cloud. */
  readonly deviceApi?: DeviceApi | undefined;
  /** Of the driver that sends commands. */
  readonly commands?: CommandCounts | undefined;
  /** A pino logger, or one like it. */
  readonly log: FastifyBaseLogger;
  /** Lines of the log that could not be written. @default none */
  readonly droppedLogLines?: (() => number) | undefined;
  readonly version: string;
  /** Certificate (with its chain) and key, PEM. Undefined: plain HTTP. */
  readonly tls?: { readonly cert: string; readonly key: string } | undefined;
  /** When the certificate that is served ends, in milliseconds since 1970. @default no metric of it */
  readonly certificateNotAfter?: (() => number) | undefined;
  /**
   * Measures the windows of the rate limits.
   * @default the clock of the machine
   */
  readonly clock?: Clock | undefined;
  readonly rateLimit?: RateLimit | undefined;
  readonly connectionLimits?: ConnectionLimits | undefined;
}

export interface App {
  readonly http: FastifyInstance;
  readonly drain: Drain;
}

export async function buildApp(options: AppOptions): Promise<App> {
  const { operations, database, version, clock = systemClock, log } = options;
  const limiter = createRateLimiter({ limit: options.rateLimit ?? DEFAULT_RATE_LIMIT, clock, log });
  const http = createHttp(options, limiter);

  http.setValidatorCompiler(createValidatorCompiler());
  http.setErrorHandler(sendProblem);
  http.addHook('onRequest', async (request, reply) => {
    reply.header(HEADER_REQUEST_ID, request.id);
    // Replies carry one-time tokens.
    reply.header('cache-control', 'no-store');
  });
  const metrics = measureRequests(http, options.droppedLogLines ?? (() => 0));
  measureRuns(metrics, operations.runCounts);
  if (options.commands) {
    measureCommands(metrics, options.commands);
  }
  if (options.certificateNotAfter) {
    measureCertificate(metrics, options.certificateNotAfter);
  }
  logRequests(http);
  const drain = drainable(http);
  limitRate(http, limiter);
  refuseUnusableHeads(http);
  continueWhenWanted(http);
  http.addHook('onRequest', async (request) => {
    // Before its body is read: what is wrong with a body matters to nobody at a path where there is nothing.
    if (request.is404) {
      throw routeNotFound(request);
    }
  });
  readJsonBodies(http);
  http.addSchema(Problem);
  await describeRoutes(http, version);
  healthRoutes(http, { database, vaultHealth: operations.vaultHealth, metrics, clock });
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
    await http.register(deviceApiRoutes(options.deviceApi, limiter));
  }
  return { http, drain };
}

function createHttp(options: AppOptions, limiter: RateLimiter): FastifyInstance {
  const { log, tls, connectionLimits: limits = DEFAULT_CONNECTION_LIMITS } = options;
  const server = {
    headersTimeout: limits.headersMs,
    connectionsCheckingInterval: limits.checkMs,
    // Node would answer by itself, and with no problem.
    requireHostHeader: false,
  };
  const instance = fastify({
    // Fastify types a server with TLS as another class; nothing here depends on which it is.
    ...((tls ? { https: { ...tls, ...server, handshakeTimeout: limits.handshakeMs } } : { http: server }) as Record<
      never,
      never
    >),
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    requestIdHeader: false,
    genReqId: () => randomUUID(),
    bodyLimit: BODY_LIMIT_BYTES,
    requestTimeout: limits.requestMs,
    keepAliveTimeout: limits.keepAliveMs,
    connectionTimeout: limits.silenceMs,
    forceCloseConnections: true,
    exposeHeadRoutes: false,
    clientErrorHandler: (error, socket) => unreadable.answer(error, socket),
    frameworkErrors: (error, request, reply) => {
      sendProblem(limiter.countUnreadable(request.ip) ?? error, request, reply);
    },
  });
  const unreadable = unreadableRequests({
    connections: watchConnections(instance.server, limits),
    log,
    limit: limiter.countUnreadable,
  });
  instance.server.on('connect', unreadable.answerConnect);
  return instance.withTypeProvider<TypeBoxTypeProvider>() as unknown as FastifyInstance;
}

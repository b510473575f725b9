import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyError, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import { isKsmError } from '../../contract/errors';
import type { DeviceApi, DeviceReply } from '../device-api/device-api';
import type { DeviceErrorCode } from '../device-api/device-error';
import type { DeviceHeaders } from '../device-api/envelope';
import type { RateLimiter } from './rate-limit';
import type { LoggedRefusal } from './request-log';

/** What nobody is told who has a good configuration; `key` is a step of the protocol, and `throttled` a known device. */
const STRANGE: ReadonlySet<DeviceErrorCode> = new Set(['bad_request', 'access_denied', 'not_found']);
const WAITS = ['rate_limited', 'shutting_down'] as const;

/** Where devices redeem and read: the SDKs' own protocol, with their own form of errors and no API token. */
export const deviceApiRoutes =
  (deviceApi: DeviceApi, limiter: RateLimiter): FastifyPluginAsync =>
  async (app) => {
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('*', { parseAs: 'buffer' }, async (_request: unknown, body: Buffer) => body);
    app.setErrorHandler((error: FastifyError, request, reply) => {
      if (!isKsmError(error, ...WAITS)) {
        limiter.countStranger(undefined, request.ip, 'device');
      }
      return sendDeviceError(error, request, reply);
    });
    app.post<{ Params: { verb: string } }>(
      '/api/rest/sm/v1/:verb',
      { config: { face: 'device' }, schema: { hide: true } },
      async (request, reply) => {
        const answer = await deviceApi.handle({
          verb: request.params.verb,
          headers: headersOf(request.headers),
          body: (request.body as Buffer | undefined) ?? Buffer.alloc(0),
          ip: request.ip,
        });
        if (answer.refusal) {
          request.refusal = refusalIn(answer.refusal);
        }
        if (answer.refusal && STRANGE.has(answer.refusal.code)) {
          limiter.countStranger(undefined, request.ip, 'device');
        }
        return reply.code(answer.status).type(answer.contentType).send(answer.body);
      },
    );
  };

/** An id that no client has may be anything, also a secret that was pasted there. */
function refusalIn({ client, clientId, code, reason }: NonNullable<DeviceReply['refusal']>): LoggedRefusal {
  if (client) return { code, reason, clientId: client.clientId };
  if (clientId === undefined) return { code };
  return { code, reason, unknownClient: createHash('sha256').update(clientId).digest('hex').slice(0, 12) };
}

function headersOf(headers: IncomingHttpHeaders): DeviceHeaders {
  const text = (name: string): string | undefined => {
    const value = headers[name];
    return Array.isArray(value) ? value[0] : value;
  };
  return {
    publicKeyId: text('publickeyid'),
    transmissionKey: text('transmissionkey'),
    authorization: headers.authorization,
  };
}

/** What fails before the device API is asked, in its form: `throttled` is the one error on which the SDKs try again. */
function sendDeviceError(error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const status = isKsmError(error) ? error.status : (error.statusCode ?? 500);
  if (isKsmError(error, ...WAITS)) {
    request.refusal = { code: 'throttled' };
    const retry_after = Math.ceil(error.facts.retryAfterSeconds ?? 1);
    return reply.code(403).send({ error: 'throttled', message: error.detail, retry_after });
  }
  request.refusal = { code: isKsmError(error) || status < 500 ? 'bad_request' : 'internal_error' };
  if (isKsmError(error)) {
    return reply.code(error.status).send({ error: 'bad_request', message: error.detail });
  }
  if (status < 500) {
    const message = `The request cannot be read (${error.code})`;
    return reply.code(status).send({ error: 'bad_request', message });
  }
  request.log.error({ err: error }, 'device request failed');
  return reply.code(500).send({ error: 'internal_error', message: 'The service failed' });
}

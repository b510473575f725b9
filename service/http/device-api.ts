import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyPluginAsync } from 'fastify';
import type { DeviceApi } from '../device-api/device-api';
import type { DeviceHeaders } from '../device-api/envelope';

/** Where devices redeem and read: the SDKs' own protocol, with their own form of errors and no API token. */
export const deviceApiRoutes =
  (deviceApi: DeviceApi): FastifyPluginAsync =>
  async (app) => {
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('*', { parseAs: 'buffer' }, async (_request: unknown, body: Buffer) => body);
    app.setErrorHandler((error, request, reply) => {
      const status = (error as { statusCode?: number }).statusCode ?? 500;
      if (status >= 500) {
        request.log.error({ err: error }, 'device request failed');
      }
      const body =
        status >= 500
          ? { error: 'internal_error', message: `The service failed; its log has the cause under ${request.id}.` }
          : { error: 'bad_request', message: 'The request cannot be read.' };
      return reply.code(status).send(body);
    });
    app.post<{ Params: { verb: string } }>(
      '/api/rest/sm/v1/:verb',
      { schema: { hide: true } },
      async (request, reply) => {
        const answer = await deviceApi.handle({
          verb: request.params.verb,
          headers: headersOf(request.headers),
          body: (request.body as Buffer | undefined) ?? Buffer.alloc(0),
          ip: request.ip,
        });
        return reply.code(answer.status).type(answer.contentType).send(answer.body);
      },
    );
  };

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

import swagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';

/** Describes every route registered after it; from the schemas that validate, so that it cannot differ from them. */
export async function describeRoutes(app: FastifyInstance, version: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'ksm-iac',
        description:
          'Applications, grants, client devices and gateways of Keeper Secrets Manager. Not a Keeper product. Every failure is a problem (RFC 9457) with a `code`; docs/errors.md lists them.',
        version,
      },
      components: { securitySchemes: { apiToken: { type: 'http', scheme: 'bearer' } } },
    },
    refResolver: { buildLocalReference: (json) => String(json.$id) },
  });
  app.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger());
}

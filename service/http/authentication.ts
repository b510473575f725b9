import type { FastifyInstance } from 'fastify';
import { KsmError } from '../../contract/errors';
import type { ApiTokens } from '../operations/api-token';
import type { Authenticated } from '../operations/token-keeping';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** For everybody, without a token. */
    public?: boolean;
  }
  interface FastifyRequest {
    /** Set on every request below `/v1` that is not public. */
    authenticated: Authenticated | undefined;
  }
}

/** Before a body is read: nobody without a token makes the service hold a megabyte. */
export function authenticate(app: FastifyInstance, apiTokens: ApiTokens): void {
  app.decorateRequest('authenticated', undefined);
  app.addHook('onRequest', async (request) => {
    if (request.routeOptions.config.public) {
      return;
    }
    request.authenticated = await apiTokens.authenticate(bearerOf(request.headers.authorization));
  });
}

function bearerOf(header: string | undefined): string {
  const [, token] = /^Bearer +([\x21-\x7e]{1,512}) *$/i.exec(header ?? '') ?? [];
  if (token === undefined) {
    throw new KsmError(
      'unauthenticated',
      `The header Authorization is ${header === undefined ? 'missing' : 'not of the form "Bearer <token>"'}. Send an API token of this service.`,
    );
  }
  return token;
}

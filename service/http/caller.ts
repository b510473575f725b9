import { type Static, Type } from '@sinclair/typebox';
import type { FastifyRequest } from 'fastify';
import { HEADER_IDEMPOTENCY_KEY, HEADER_RUN } from '../../contract/api';
import { IDEMPOTENCY_KEY_PATTERN } from '../../contract/limits';
import { RunId } from '../../contract/schemas';
import type { Caller } from '../operations/caller';

/** Headers of every request below `/v1`. */
export const ReadHeaders = Type.Object({
  [HEADER_RUN]: Type.Optional(RunId),
});

/** Headers of every change. */
export const WriteHeaders = Type.Object({
  ...ReadHeaders.properties,
  [HEADER_IDEMPOTENCY_KEY]: Type.Optional(
    Type.String({
      pattern: IDEMPOTENCY_KEY_PATTERN,
      description:
        'SECRET. Drawn at random for one call and sent with each of its attempts: the reply is that of the first that succeeded.',
    }),
  ),
});

export function callerOf(request: FastifyRequest): Caller {
  const { authenticated } = request;
  if (!authenticated) {
    throw new TypeError(`The route ${request.routeOptions.url} is not below the authentication`);
  }
  const headers = request.headers as Static<typeof WriteHeaders>;
  const key = headers[HEADER_IDEMPOTENCY_KEY];
  return {
    ...authenticated,
    requestId: request.id,
    runId: headers[HEADER_RUN],
    idempotency: key === undefined ? undefined : { key, request: bindingOf(request, authenticated.principal.id) },
  };
}

function bindingOf(request: FastifyRequest, principalId: string): string {
  const condition = [request.headers['if-none-match'] ?? '', request.headers['if-match'] ?? ''];
  return JSON.stringify([
    principalId,
    request.method,
    request.url,
    condition,
    request.bodyBytes?.toString('base64') ?? '',
  ]);
}

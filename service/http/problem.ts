import type { ErrorObject } from 'ajv';
import type { FastifyBaseLogger, FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { HEADER_REQUEST_ID, PROBLEM_CONTENT_TYPE } from '../../contract/api';
import { KsmError, PROBLEMS } from '../../contract/errors';
import { DEPENDENTS_MAX_ITEMS } from '../../contract/limits';
import type { Problem } from '../../contract/types';
import { isStoreError } from '../store/store-error';
import { fieldErrors, shorten } from './field-error';
import { unsupportedMediaType } from './json-body';

const DOCUMENTATION = 'https://github.com/ksm-iac/cdktf-ksm/blob/main/docs/errors.md';

export function problemOf(error: KsmError, requestId: string): Problem {
  const { errors, dependents, dependentsTotal, existingId } = error.facts;
  return {
    type: `${DOCUMENTATION}#${error.code}`,
    title: error.title,
    status: error.status,
    detail: error.detail,
    code: error.code,
    requestId,
    ...(errors && { errors: [...errors] }),
    ...(dependents && {
      dependents: dependents.slice(0, DEPENDENTS_MAX_ITEMS),
      dependentsTotal: dependentsTotal ?? dependents.length,
    }),
    ...(existingId !== undefined && { existingId }),
  };
}

/** The error handler of the app: every failure leaves as a problem with a code. */
export function sendProblem(error: FastifyError | Error, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const known = asKsmError(error, request, request.log);
  request.refusal = { code: known.code };
  // Of a URL that cannot be read this is the first that runs.
  reply.header(HEADER_REQUEST_ID, request.id);
  if (known.facts.retryAfterSeconds !== undefined) {
    reply.header('retry-after', String(Math.ceil(known.facts.retryAfterSeconds)));
  }
  if (known.code === 'unauthenticated') {
    reply.header('www-authenticate', 'Bearer');
  }
  if (known.code === 'body_too_large') {
    // Fastify would close the connection, which resets it under a client that still sends: it never read why.
    reply.removeHeader('connection');
  }
  return reply.code(known.status).type(PROBLEM_CONTENT_TYPE).send(problemOf(known, request.id));
}

export function routeNotFound({ method, url }: Pick<FastifyRequest, 'method' | 'url'>): KsmError {
  const path = url.split('?', 1)[0] ?? '';
  const detail = `There is nothing for ${method} ${shorten(path)}. Is the endpoint right? /openapi.json lists what there is.`;
  return new KsmError('route_not_found', detail);
}

/** Fastify's own failures by their codes; whatever is not known is `internal_error`, and its cause stays in the log. */
export function asKsmError(error: FastifyError | Error, request: FastifyRequest, log: FastifyBaseLogger): KsmError {
  if (error instanceof KsmError) {
    if (error.code in PROBLEMS) {
      return error;
    }
  } else if ('validation' in error && error.validation) {
    return invalidRequest(error);
  } else if ('code' in error) {
    const mapped = ofFastify(error, request);
    if (mapped) {
      return mapped;
    }
  }
  log.error({ err: error }, 'request failed');
  if (isStoreError(error, 'database_unavailable')) {
    return databaseUnavailable(error);
  }
  return new KsmError(
    'internal_error',
    `The service failed. Its log has the cause under the request id ${request.id}.`,
  );
}

/** In how many seconds to ask again: nobody knows when a disk has space again. */
const UNAVAILABLE_RETRY_SECONDS = 5;

export function databaseUnavailable({ message }: Error): KsmError {
  return new KsmError(
    'vault_unavailable',
    `${message} The service goes on by itself once the cause is gone; docs/service.md says what to do.`,
    { retryAfterSeconds: UNAVAILABLE_RETRY_SECONDS },
  );
}

function invalidRequest(error: FastifyError): KsmError {
  const part = (error.validationContext ?? 'body') as Parameters<typeof fieldErrors>[1];
  const errors = fieldErrors(error.validation as unknown as ErrorObject[], part);
  const texts = errors.map(({ field, message }) => `${field || 'the body'} ${message}`);
  return new KsmError('invalid_request', `${texts.join('. ')}.`, { errors });
}

function ofFastify(error: FastifyError, request: FastifyRequest): KsmError | undefined {
  switch (error.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new KsmError(
        'body_too_large',
        `The request body${lengthOf(request)} is larger than the limit of ${request.routeOptions.bodyLimit} bytes. Send less at once.`,
      );
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return unsupportedMediaType(request);
    default:
      return error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500
        ? new KsmError('invalid_request', `The request cannot be read (${error.code}). Check the client and any proxy.`)
        : undefined;
  }
}

function lengthOf(request: FastifyRequest): string {
  const length = request.headers['content-length'];
  return length === undefined ? '' : ` of ${length} bytes`;
}

import type { FastifyInstance, FastifyRequest } from 'fastify';
import { KsmError } from '../../contract/errors';
import { shorten } from './field-error';

/** Deeper than any body of the API by far; recursion over a megabyte of `[` would end the stack. */
const MOST_NESTED = 64;
/** Whether a body is worth walking through: it escapes a surrogate, or (maybe by escapes) names a prototype. */
const SUSPECT = /\\u|__proto__/;
const UNPAIRED_SURROGATE = /\p{Surrogate}/u;

declare module 'fastify' {
  interface FastifyRequest {
    /** The body as it came, for the binding of idempotency keys. Undefined without one. */
    bodyBytes: Buffer | undefined;
  }
}

/**
 * Only `application/json` is read; anything else is `unsupported_media_type`. No bytes are no body, whatever the
 * content type: many clients name one with every request, a DELETE too.
 */
export function readJsonBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.decorateRequest('bodyBytes', undefined);
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, async (request: FastifyRequest, body: Buffer) => {
    if (body.length === 0) {
      return undefined;
    }
    request.bodyBytes = body;
    return parseJson(body);
  });
  app.addContentTypeParser('*', { parseAs: 'buffer' }, async (request: FastifyRequest, body: Buffer) => {
    if (body.length > 0) {
      throw unsupportedMediaType(request);
    }
    return undefined;
  });
  app.addHook('preValidation', async (request) => {
    // Where nothing is required nothing need be sent; elsewhere what is missing is named.
    if (request.body === undefined && request.routeOptions.schema?.body !== undefined) {
      request.body = {};
    }
  });
}

export function unsupportedMediaType({ headers }: FastifyRequest): KsmError {
  const received = headers['content-type'];
  return new KsmError(
    'unsupported_media_type',
    `The content type is ${received === undefined ? 'missing' : shorten(JSON.stringify(received))}; expected "application/json".`,
  );
}

/** @throws KsmError `invalid_json`, never quoting the body: it may hold a password */
export function parseJson(bytes: Buffer): unknown {
  let value: unknown;
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    refuseDeepNesting(text);
    value = JSON.parse(text);
    if (SUSPECT.test(text)) {
      refuseUnsafe(value);
    }
  } catch (error) {
    throw error instanceof KsmError ? error : invalid(`of ${bytes.length} bytes is not valid JSON`);
  }
  return value;
}

function invalid(what: string): KsmError {
  return new KsmError('invalid_json', `The request body ${what}. Send one JSON object in UTF-8.`);
}

function refuseDeepNesting(text: string): void {
  let depth = 0;
  let inString = false;
  for (let index = 0; index < text.length; index++) {
    const character = text[index];
    if (character === '\\') {
      index++;
    } else if (character === '"') {
      inString = !inString;
    } else if (!inString && (character === '[' || character === '{')) {
      if (++depth > MOST_NESTED) {
        throw invalid(`is nested more than ${MOST_NESTED} levels deep`);
      }
    } else if (!inString && (character === ']' || character === '}')) {
      depth--;
    }
  }
}

function refuseUnsafe(value: unknown): void {
  if (typeof value === 'string') {
    if (UNPAIRED_SURROGATE.test(value)) {
      throw invalid('has half of a surrogate pair in a string, which UTF-8 cannot carry');
    }
  } else if (typeof value === 'object' && value !== null) {
    // A property of this name would set the prototype of whatever copies the object.
    if (Object.hasOwn(value, '__proto__')) {
      throw invalid('has a property "__proto__", which is not accepted');
    }
    Object.keys(value).forEach(refuseUnsafe);
    Object.values(value).forEach(refuseUnsafe);
  }
}

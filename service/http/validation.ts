import { Ajv, type Options } from 'ajv';
import addFormats from 'ajv-formats';
import type { FastifySchemaCompiler } from 'fastify';

/**
 * Bodies are taken as they are: fastify's own default would turn `"true"` into
 * true and silently drop what it does not know. Queries, parameters and
 * headers are text, so numbers and booleans in them are converted, and one value is a list of one.
 */
export function createValidatorCompiler(): FastifySchemaCompiler<object> {
  const options: Options = { useDefaults: true, allErrors: true, verbose: true, strict: true };
  const body = new Ajv({ ...options, coerceTypes: false });
  const text = new Ajv({ ...options, coerceTypes: 'array' });
  for (const ajv of [body, text]) {
    // The package is CommonJS with a `default` beside its function.
    (addFormats as unknown as typeof addFormats.default)(ajv);
  }
  return ({ schema, httpPart }) => (httpPart === 'body' ? body : text).compile(schema);
}

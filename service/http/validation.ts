import { Ajv, type AnySchema, type Options, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import type { FastifySchemaCompiler } from 'fastify';

/**
 * A value of so many members is looked through for all its mistakes, so that a person corrects them at once. Of a larger
 * one the first is named: each mistake costs hundreds of times what it takes in the body, and a megabyte has room for
 * half a million.
 */
const MOST_MEMBERS = 500;

/**
 * Bodies are taken as they are: fastify's own default would turn `"true"` into
 * true and silently drop what it does not know. Queries, parameters and
 * headers are text, so numbers and booleans in them are converted, and one value is a list of one.
 */
export function createValidatorCompiler(): FastifySchemaCompiler<object> {
  const body = compilerOf({ coerceTypes: false });
  // "1e309" becomes Infinity, of which ajv checks no bounds if only finite numbers count as such.
  const text = compilerOf({ coerceTypes: 'array', strictNumbers: false });
  return ({ schema, httpPart }) => (httpPart === 'body' ? body : text)(schema as AnySchema);
}

function compilerOf(options: Options): (schema: AnySchema) => ReturnType<FastifySchemaCompiler<object>> {
  // ajv checks a size (maxItems) before it looks at the items, and this one ends at the first mistake.
  const first = newAjv(options);
  const all = newAjv({ ...options, allErrors: true });
  return (schema) => {
    const findFirst = first.compile(schema);
    // Compiled when it is first needed: most schemas see no mistake before the next start.
    let findAll: ValidateFunction | undefined;
    const validate: ReturnType<FastifySchemaCompiler<object>> = (value: unknown) => {
      if (findFirst(value)) {
        return true;
      }
      validate.errors = findFirst.errors as typeof validate.errors;
      if (hasAtMost(MOST_MEMBERS, value)) {
        findAll ??= all.compile(schema);
        findAll(value);
        validate.errors = (findAll.errors ?? findFirst.errors) as typeof validate.errors;
      }
      return false;
    };
    return validate;
  };
}

function newAjv(options: Options): Ajv {
  const ajv = new Ajv({ useDefaults: true, verbose: true, strict: true, ...options });
  // The package is CommonJS with a `default` beside its function.
  (addFormats as unknown as typeof addFormats.default)(ajv);
  return ajv;
}

/** Counts no further than that. */
function hasAtMost(limit: number, value: unknown): boolean {
  const open = [value];
  for (let counted = 1; open.length > 0; ) {
    const next = open.pop();
    if (typeof next === 'object' && next !== null) {
      for (const key in next) {
        counted++;
        if (counted > limit) {
          return false;
        }
        open.push((next as Record<string, unknown>)[key]);
      }
    }
  }
  return true;
}

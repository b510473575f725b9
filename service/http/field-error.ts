import type { ErrorObject } from 'ajv';
import type { FieldError } from '../../contract/errors';

/** More than a person reads; a body may be wrong in ten thousand places. */
const MOST_ERRORS = 20;
const LONGEST_VALUE = 80;

/** Parts of a request whose values are secrets, or may be: the content of a record, the idempotency key. */
const SECRET_FIELDS = /^(\/data(\/|$)|headers\/(authorization|idempotency-key)$)/;

type Part = 'body' | 'params' | 'querystring' | 'headers';

/** What ajv found, as fields with the value received and what is expected; one entry a field. */
export function fieldErrors(found: readonly ErrorObject[], part: Part): FieldError[] {
  const fields = new Map<string, ErrorObject>();
  for (const error of found) {
    const field = fieldOf(error, part);
    const known = fields.get(field);
    // Of a union's errors the one about the whole union says all that is possible.
    if (!known || error.keyword === 'anyOf') {
      fields.set(field, error);
    }
  }
  return [...fields].slice(0, MOST_ERRORS).map(([field, error]) => ({ field, message: messageOf(field, error) }));
}

function fieldOf(error: ErrorObject, part: Part): string {
  const missing = error.keyword === 'required' ? (error.params.missingProperty as string) : undefined;
  const unknown = error.keyword === 'additionalProperties' ? (error.params.additionalProperty as string) : undefined;
  const property = missing ?? unknown;
  const pointer =
    property === undefined ? error.instancePath : `${error.instancePath}/${shorten(escapePointer(property))}`;
  return part === 'body' ? pointer : `${part === 'querystring' ? 'query' : part}${pointer}`;
}

function messageOf(field: string, error: ErrorObject): string {
  switch (error.keyword) {
    case 'required': {
      const properties = (error.parentSchema?.properties ?? {}) as Record<string, Schema>;
      return `is missing; expected ${describe(properties[error.params.missingProperty as string] ?? {})}`;
    }
    case 'additionalProperties': {
      const known = Object.keys((error.parentSchema?.properties ?? {}) as object);
      return `is not known here; expected one of: ${known.join(', ') || 'none'}`;
    }
    default:
      return `is ${show(field, error.data)}; expected ${describe((error.parentSchema ?? {}) as Schema)}`;
  }
}

function show(field: string, value: unknown): string {
  if (value === undefined) {
    return 'missing';
  }
  if (SECRET_FIELDS.test(field)) {
    return `${kindOf(value)} (not shown)`;
  }
  if (typeof value === 'object' && value !== null) {
    return kindOf(value);
  }
  return shorten(JSON.stringify(value));
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) {
    return `an array of ${value.length}`;
  }
  return value === null ? 'null' : typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

/** A value as text of a bounded length; control characters are escaped already. */
export function shorten(text: string): string {
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}… (${text.length} characters)` : text;
}

interface Schema {
  type?: string;
  const?: unknown;
  anyOf?: Schema[];
  description?: string;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  maxItems?: number;
  pattern?: string;
}

function describe(schema: Schema): string {
  if (schema.const !== undefined) {
    return JSON.stringify(schema.const);
  }
  if (schema.anyOf) {
    return schema.anyOf.map(describe).join(' or ');
  }
  const type = schema.type ? `${/^[aio]/.test(schema.type) ? 'an' : 'a'} ${schema.type}` : 'a value';
  if (schema.type === 'string' && schema.description) {
    return `${type}: ${schema.description.replace(/\.$/, '')}`;
  }
  const range =
    schema.minimum !== undefined || schema.maximum !== undefined
      ? ` from ${schema.minimum ?? '…'} to ${schema.maximum ?? '…'}`
      : '';
  const items = schema.maxItems === undefined ? '' : ` of at most ${schema.maxItems} items`;
  const length = schema.maxLength === undefined ? '' : ` of ${schema.minLength ?? 0} to ${schema.maxLength} characters`;
  const meaning = schema.description ? ` (${schema.description.replace(/\.$/, '')})` : '';
  return `${type}${range}${items}${length}${meaning}`;
}

const escapePointer = (name: string) => name.replaceAll('~', '~0').replaceAll('/', '~1');

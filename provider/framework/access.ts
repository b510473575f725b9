/**
 * Reads one attribute of an object as a TypeScript type. They throw where the
 * object has something else there: of a state that somebody edited that is the
 * state's fault, of anything else it is a bug of the provider.
 */
import { type ObjectValue, UNKNOWN, type Value } from './value';

/** An attribute is not what it must be. Names the attribute and what kind of value it has, never the value. */
export class AttributeAccessError extends TypeError {
  override readonly name = 'AttributeAccessError';

  constructor(
    readonly attribute: string,
    readonly kind: string,
    readonly expected: string,
  ) {
    super(`attribute ${attribute} is ${kind}, not a known ${expected}`);
  }
}

export function stringOf(object: ObjectValue, attribute: string): string {
  const value = object[attribute];
  if (typeof value === 'string') return value;
  throw new AttributeAccessError(attribute, kindOf(value), 'string');
}

export function boolOf(object: ObjectValue, attribute: string): boolean {
  const value = object[attribute];
  if (typeof value === 'boolean') return value;
  throw new AttributeAccessError(attribute, kindOf(value), 'bool');
}

export function numberOf(object: ObjectValue, attribute: string): number {
  const value = object[attribute];
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  throw new AttributeAccessError(attribute, kindOf(value), 'number');
}

/** Undefined for null. */
export function optionalNumberOf(object: ObjectValue, attribute: string): number | undefined {
  return object[attribute] === null ? undefined : numberOf(object, attribute);
}

/** Undefined for null. */
export function optionalStringOf(object: ObjectValue, attribute: string): string | undefined {
  return object[attribute] === null ? undefined : stringOf(object, attribute);
}

/** Undefined for null and for unknown: what can be checked at plan. */
export function knownStringOf(object: ObjectValue, attribute: string): string | undefined {
  const value = object[attribute];
  return value === null || value === UNKNOWN ? undefined : stringOf(object, attribute);
}

/** Never the value itself: it may be a secret. */
function kindOf(value: Value | undefined): string {
  if (value === undefined) return 'absent';
  if (value === null) return 'null';
  return value === UNKNOWN ? 'unknown' : Array.isArray(value) ? 'a collection' : `a ${typeof value}`;
}

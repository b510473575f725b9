/**
 * Reads one attribute of an object as a TypeScript type. They throw, as a bug
 * of the provider, where the schema cannot have let another type through.
 */
import { type ObjectValue, UNKNOWN, type Value } from './value';

export function stringOf(object: ObjectValue, attribute: string): string {
  const value = object[attribute];
  if (typeof value === 'string') return value;
  throw new TypeError(`attribute ${attribute} is ${kindOf(value)}, not a known string`);
}

export function boolOf(object: ObjectValue, attribute: string): boolean {
  const value = object[attribute];
  if (typeof value === 'boolean') return value;
  throw new TypeError(`attribute ${attribute} is ${kindOf(value)}, not a known bool`);
}

export function numberOf(object: ObjectValue, attribute: string): number {
  const value = object[attribute];
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  throw new TypeError(`attribute ${attribute} is ${kindOf(value)}, not a known number`);
}

/** Undefined for null. */
export function optionalNumberOf(object: ObjectValue, attribute: string): number | undefined {
  return object[attribute] === null ? undefined : numberOf(object, attribute);
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
  return value === UNKNOWN ? 'unknown' : typeof value;
}

import type { AttributeType } from './type';

/** A value that Terraform will only know after apply. A symbol, so that no text or number is ever mistaken for it. */
export const UNKNOWN: unique symbol = Symbol('unknown');

/**
 * Any value of a configuration, plan or state. Whole numbers beyond 2^53 are
 * bigint; a set is an array whose order means nothing.
 */
export type Value = null | boolean | number | bigint | string | typeof UNKNOWN | Value[] | { [key: string]: Value };

/** The attributes of one resource or of the provider; every attribute of the schema is a key, null included. */
export type ObjectValue = { [attribute: string]: Value };

/**
 * Whether two values are the same to Terraform. An unknown equals nothing but
 * another unknown.
 *
 * @param type of both; without it, sets compare in order, as Terraform sends
 *   them sorted, and a provider does not
 */
export function sameValue(a: Value, b: Value, type?: AttributeType): boolean {
  if (a === b) return true;
  const parts = typeof type === 'object' ? type : undefined;
  if (Array.isArray(a) && Array.isArray(b)) {
    if (a.length !== b.length) return false;
    if (parts && 'set' in parts) return sameElements(a, b, parts.set);
    const element = parts && 'list' in parts ? parts.list : undefined;
    return a.every((item, index) => sameValue(item, b[index]!, element));
  }
  if (isKeyed(a) && isKeyed(b)) {
    const keys = Object.keys(a);
    const typeOf = (key: string) =>
      parts && 'map' in parts ? parts.map : parts && 'object' in parts ? parts.object[key] : undefined;
    return (
      keys.length === Object.keys(b).length &&
      keys.every((key) => Object.hasOwn(b, key) && sameValue(a[key]!, b[key]!, typeOf(key)))
    );
  }
  // A whole number may arrive as either: 5 and 5n are the same to Terraform.
  if (typeof a === 'bigint' || typeof b === 'bigint') return isNumeric(a) && isNumeric(b) && BigInt(a) === BigInt(b);
  return false;
}

/** In whatever order; each element of one stands for one of the other. */
function sameElements(a: readonly Value[], b: readonly Value[], type: AttributeType): boolean {
  const left = [...b];
  return a.every((item, index) => {
    // Both are mostly in the same order.
    const same = (other: Value) => sameValue(item, other, type);
    const found =
      left[index] !== undefined && same(left[index])
        ? index
        : left.findIndex((other) => other !== undefined && same(other));
    if (found < 0) return false;
    delete left[found];
    return true;
  });
}

/** Null, or a list, set or map without elements: the same to a person. */
export function isAbsent(value: Value): boolean {
  if (value === null) return true;
  return Array.isArray(value) ? value.length === 0 : isKeyed(value) && Object.keys(value).length === 0;
}

/** Whether nothing in it is unknown. */
export function isWhollyKnown(value: Value): boolean {
  if (value === UNKNOWN) return false;
  if (Array.isArray(value)) return value.every(isWhollyKnown);
  return !isKeyed(value) || Object.values(value).every(isWhollyKnown);
}

/** A map or an object. */
export function isKeyed(value: Value | undefined): value is { [key: string]: Value } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isNumeric(value: Value): value is number | bigint {
  return typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value));
}

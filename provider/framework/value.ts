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
 * Whether two values are the same to Terraform. Sets compare in order: Terraform
 * sends their elements sorted. An unknown equals nothing but another unknown.
 */
export function sameValue(a: Value, b: Value): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((element, index) => sameValue(element, b[index]!));
  }
  if (isKeyed(a) && isKeyed(b)) {
    const keys = Object.keys(a);
    return (
      keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && sameValue(a[key]!, b[key]!))
    );
  }
  // A whole number may arrive as either: 5 and 5n are the same to Terraform.
  if (typeof a === 'bigint' || typeof b === 'bigint') return isNumeric(a) && isNumeric(b) && BigInt(a) === BigInt(b);
  return false;
}

/** Whether nothing in it is unknown. */
export function isWhollyKnown(value: Value): boolean {
  if (value === UNKNOWN) return false;
  if (Array.isArray(value)) return value.every(isWhollyKnown);
  return !isKeyed(value) || Object.values(value).every(isWhollyKnown);
}

function isKeyed(value: Value): value is { [key: string]: Value } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isNumeric(value: Value): value is number | bigint {
  return typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value));
}

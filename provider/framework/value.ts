/** A value that Terraform will only know after apply. A symbol, so that no text or number is ever mistaken for it. */
export const UNKNOWN: unique symbol = Symbol('unknown');

/**
 * Any value of a configuration, plan or state. Whole numbers beyond 2^53 are
 * bigint; a set is an array whose order means nothing.
 */
export type Value = null | boolean | number | bigint | string | typeof UNKNOWN | Value[] | { [key: string]: Value };

/** The attributes of one resource or of the provider; every attribute of the schema is a key, null included. */
export type ObjectValue = { [attribute: string]: Value };

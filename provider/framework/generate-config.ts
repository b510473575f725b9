import type { Schema } from './schema';
import { valueType } from './schema';
import { type ObjectValue, sameValue } from './value';
import { walk } from './walk';

/**
 * The configuration that a state would come of: without what the provider
 * computes, and without what says no more than its default.
 */
export function generateConfig(schema: Schema, state: ObjectValue): ObjectValue {
  return walk(schema.attributes, state, ({ attribute, value }) => {
    const { required, optional, writeOnly, type, default: fallback = null } = attribute;
    if (writeOnly || !(required || optional)) return null;
    return !required && sameValue(value, fallback, valueType(type)) ? null : value;
  });
}

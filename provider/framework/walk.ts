import type { AttributePath } from './path';
import { type AttributeSchema, type Attributes, isNested, type NestedType, valueType } from './schema';
import { isKeyed, type ObjectValue, sameValue, type Value } from './value';

/** One attribute of one object, as a walk comes to it. */
export interface Visit {
  readonly name: string;
  readonly attribute: AttributeSchema;
  /** From the top. An element of a set has no address in the protocol: the path of what is within one ends at the set. */
  readonly path: AttributePath;
  /** Null where the object lacks the attribute. */
  readonly value: Value;
  /** The value at the same place of the companion; undefined where that has no such object. */
  readonly other: Value | undefined;
  /** The object that has this attribute. */
  readonly parent: ObjectValue;
}

/**
 * Goes through an object with its schema, outermost attributes first, and
 * makes a new object of what `visit` returns for each. What it returns for a
 * nested attribute is gone through in turn. Everything that the framework does
 * attribute by attribute is done with this.
 *
 * @param other a companion: the prior state of a configuration
 */
export function walk(
  attributes: Attributes,
  object: ObjectValue,
  visit: (at: Visit) => Value,
  other?: ObjectValue | null,
  path: AttributePath = [],
  inSet = false,
): ObjectValue {
  const result: ObjectValue = {};
  for (const [name, attribute] of Object.entries(attributes)) {
    const at = inSet ? path : [...path, name];
    const own = other ? (other[name] ?? null) : undefined;
    const value = visit({ name, attribute, path: at, value: object[name] ?? null, other: own, parent: object });
    result[name] = isNested(attribute.type) ? walkNested(attribute.type, value, visit, own, at, inSet) : value;
  }
  return result;
}

function walkNested(
  type: NestedType,
  value: Value,
  visit: (at: Visit) => Value,
  other: Value | undefined,
  path: AttributePath,
  inSet: boolean,
): Value {
  const down = (object: Value, own: Value | undefined, at: AttributePath, set = inSet): Value =>
    isKeyed(object) ? walk(type.attributes, object, visit, isKeyed(own) ? own : undefined, at, set) : object;
  const step = (own: AttributePath[number]) => (inSet ? path : [...path, own]);
  if (type.nesting === 'single') return down(value, other, path);
  if (type.nesting === 'map') {
    if (!isKeyed(value)) return value;
    const others = isKeyed(other) ? other : {};
    return Object.fromEntries(
      Object.entries(value).map(([mapKey, item]) => [
        mapKey,
        down(item, Object.hasOwn(others, mapKey) ? others[mapKey] : undefined, step({ mapKey })),
      ]),
    );
  }
  if (!Array.isArray(value)) return value;
  const others = Array.isArray(other) ? [...other] : [];
  if (type.nesting === 'list') return value.map((item, index) => down(item, others[index], step(index)));
  return value.map((item) => {
    const at = others.findIndex((candidate) => became(type.attributes, item, candidate));
    return down(item, at < 0 ? undefined : others.splice(at, 1)[0], path, true);
  });
}

/**
 * Whether an element of a prior set is what the configured one became: the same
 * wherever that says something, which for what the provider may compute is
 * where it is not null.
 */
function became(attributes: Attributes, configured: Value, prior: Value): boolean {
  if (!isKeyed(configured) || !isKeyed(prior)) return false;
  return Object.entries(attributes).every(([name, { computed, type }]) => {
    const value: Value = configured[name] ?? null;
    const other: Value = prior[name] ?? null;
    if ((value === null && computed) || sameValue(value, other, valueType(type))) return true;
    return isNested(type) && partsBecame(type, value, other);
  });
}

function partsBecame({ nesting, attributes }: NestedType, configured: Value, prior: Value): boolean {
  if (nesting === 'single') return became(attributes, configured, prior);
  if (Array.isArray(configured) && Array.isArray(prior)) {
    const one = (value: Value, index: number) =>
      nesting === 'list'
        ? became(attributes, value, prior[index] ?? null)
        : prior.some((other) => became(attributes, value, other));
    return configured.length === prior.length && configured.every(one);
  }
  if (!isKeyed(configured) || !isKeyed(prior)) return false;
  const keys = Object.keys(configured);
  return (
    keys.length === Object.keys(prior).length &&
    keys.every((key) => Object.hasOwn(prior, key) && became(attributes, configured[key]!, prior[key]!))
  );
}

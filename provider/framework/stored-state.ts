import type { AttributePath } from './path';
import { type Attributes, isNested } from './schema';
import type { AttributeType } from './type';
import { isKeyed, type ObjectValue, type Value } from './value';
import { walk } from './walk';

/** Something stored is not of its type. Names the place, never the value. */
export class StoredTypeError extends Error {
  override readonly name = 'StoredTypeError';

  constructor(
    readonly path: AttributePath,
    readonly expected: AttributeType,
  ) {
    super('stored value of another type');
  }
}

/**
 * What a state file has, as JSON, in the form of today's schema: attributes
 * that the schema no longer has are dropped, and those that are absent because
 * they are newer get their default; a null that is there stays.
 *
 * @throws StoredTypeError
 */
export function fromStored(attributes: Attributes, stored: { readonly [name: string]: unknown }): ObjectValue {
  return walk(attributes, stored as ObjectValue, ({ name, attribute, value, parent, path }) => {
    if (attribute.writeOnly) return null;
    if (!Object.hasOwn(parent, name)) return attribute.default ?? null;
    // The attributes of what is nested are checked one by one, in its turn.
    const type = isNested(attribute.type) ? shapeOf(attribute.type.nesting) : attribute.type;
    const wrong = wrongPlace(value, type, path);
    if (wrong) throw new StoredTypeError(wrong, type);
    return value;
  });
}

function shapeOf(nesting: 'single' | 'list' | 'set' | 'map'): AttributeType {
  return nesting === 'single' ? { object: {} } : ({ [nesting]: { object: {} } } as AttributeType);
}

/**
 * The path of the first value that is not of its type.
 *
 * @param inSet whether the path ends here: elements of a set have no address
 */
function wrongPlace(
  value: unknown,
  type: AttributeType,
  path: AttributePath,
  inSet = false,
): AttributePath | undefined {
  if (value === null) return undefined;
  if (type === 'string') return typeof value === 'string' ? undefined : path;
  if (type === 'bool') return typeof value === 'boolean' ? undefined : path;
  // A number that no double holds is read from JSON as infinite.
  if (type === 'number') return typeof value === 'bigint' || Number.isFinite(value) ? undefined : path;
  const first = (places: readonly [unknown, AttributeType, AttributePath[number]][], set = inSet) => {
    for (const [part, own, step] of places) {
      const wrong = wrongPlace(part, own, set ? path : [...path, step], set);
      if (wrong) return wrong;
    }
    return undefined;
  };
  if ('list' in type || 'set' in type) {
    if (!Array.isArray(value)) return path;
    const element = 'list' in type ? type.list : type.set;
    return first(
      value.map((item, index) => [item, element, index]),
      inSet || 'set' in type,
    );
  }
  if (!isKeyed(value as Value)) return path;
  const object = value as Readonly<Record<string, unknown>>;
  if ('map' in type) return first(Object.entries(object).map(([mapKey, item]) => [item, type.map, { mapKey }]));
  return first(Object.entries(type.object).map(([name, own]) => [object[name] ?? null, own, name]));
}

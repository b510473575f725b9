/** Arbitrary schemas with values of them, for properties that hold for every schema. */
import fc from 'fast-check';
import {
  type AttributeSchema,
  type Attributes,
  type AttributeType,
  isNested,
  type ObjectValue,
  UNKNOWN,
  type Value,
} from '../../../provider/framework';

const NAMES = ['a', 'b', 'c_d', 'e', 'constructor'];
/** Map keys are anything; MessagePack's library refuses this one. */
const key = fc.string({ unit: 'binary', maxLength: 5 }).filter((text) => text !== '__proto__');

const anyType: fc.Arbitrary<AttributeType> = fc.letrec<{ type: AttributeType }>((tie) => ({
  type: fc.oneof(
    { maxDepth: 2, withCrossShrink: true },
    fc.constantFrom<AttributeType>('string', 'bool', 'number'),
    tie('type').map((list) => ({ list })),
    tie('type').map((set) => ({ set })),
    tie('type').map((map) => ({ map })),
    fc.dictionary(fc.constantFrom(...NAMES), tie('type'), { noNullPrototype: true }).map((object) => ({ object })),
  ),
})).type;

/** Kinds that behave differently in a plan. */
const role = fc.constantFrom<Partial<AttributeSchema>>(
  { required: true },
  { optional: true },
  { computed: true },
  { optional: true, computed: true },
  { optional: true, requiresReplace: true },
);

export const anyAttributes: fc.Arbitrary<Attributes> = fc.letrec<{ attributes: Attributes }>((tie) => ({
  attributes: fc.dictionary(
    fc.constantFrom(...NAMES),
    fc
      .tuple(
        fc.oneof(
          { maxDepth: 2, withCrossShrink: true },
          anyType as fc.Arbitrary<AttributeSchema['type']>,
          fc.record({
            nesting: fc.constantFrom('single' as const, 'list' as const, 'set' as const, 'map' as const),
            attributes: tie('attributes'),
          }),
        ),
        role,
      )
      .map(([type, own]): AttributeSchema => ({ type, description: '', ...own })),
    { noNullPrototype: true, maxKeys: 4 },
  ),
})).attributes;

interface Options {
  readonly unknown: boolean;
}

/** A configuration of it: null where nothing may be configured. */
export function anyConfig(attributes: Attributes, options: Options): fc.Arbitrary<ObjectValue> {
  return objectOf(
    Object.entries(attributes).map(([name, { type, required, optional }]) => {
      if (!required && !optional) return [name, fc.constant(null)];
      const value = isNested(type)
        ? nested(type.nesting, () => anyConfig(type.attributes, options))
        : known(type, options);
      return [name, required ? value : maybe(value, options)];
    }),
  );
}

/** Any value of the type, null and unknown among them. */
export function anyValue(type: AttributeType, options: Options): fc.Arbitrary<Value> {
  return maybe(known(type, options), options);
}

function nested(
  nesting: 'single' | 'list' | 'set' | 'map',
  object: () => fc.Arbitrary<ObjectValue>,
): fc.Arbitrary<Value> {
  if (nesting === 'single') return object();
  if (nesting === 'map') return fc.dictionary(key, object(), { maxKeys: 3, noNullPrototype: true });
  return fc.array(object(), { maxLength: 3 });
}

function maybe(value: fc.Arbitrary<Value>, { unknown }: Options): fc.Arbitrary<Value> {
  return fc.oneof(
    { weight: 1, arbitrary: fc.constant<Value>(null) },
    { weight: unknown ? 1 : 0, arbitrary: fc.constant<Value>(UNKNOWN) },
    { weight: 6, arbitrary: value },
  );
}

function known(type: AttributeType, options: Options): fc.Arbitrary<Value> {
  if (type === 'string') return fc.string({ unit: 'binary', maxLength: 10 });
  if (type === 'bool') return fc.boolean();
  if (type === 'number') {
    return fc.oneof(
      fc.maxSafeInteger(),
      // Whole numbers that a double cannot hold, far beyond 64 bits too.
      fc.bigInt({ min: 2n ** 53n, max: 2n ** 90n }),
      fc.bigInt({ min: -(2n ** 90n), max: -(2n ** 53n) }),
      fc.double({ noInteger: true, noNaN: true, noDefaultInfinity: true }),
      fc.constantFrom('0.1000', '1234567890.12345678901234567890'),
    );
  }
  if ('list' in type) return fc.array(anyValue(type.list, options), { maxLength: 3 });
  if ('set' in type) return fc.array(anyValue(type.set, options), { maxLength: 3 });
  if ('map' in type) return fc.dictionary(key, anyValue(type.map, options), { maxKeys: 3, noNullPrototype: true });
  return objectOf(Object.entries(type.object).map(([name, own]) => [name, anyValue(own, options)]));
}

/** fast-check's own record cannot have an attribute called `constructor`. */
function objectOf(entries: [string, fc.Arbitrary<Value>][]): fc.Arbitrary<ObjectValue> {
  return fc
    .tuple(...entries.map(([, arbitrary]) => arbitrary))
    .map((values) => Object.fromEntries(entries.map(([name], index) => [name, values[index]!])));
}

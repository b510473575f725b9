import fc from 'fast-check';
import {
  type Attributes,
  isNested,
  type ObjectValue,
  objectType,
  type Schema,
  UNKNOWN,
  type Value,
} from '../../../provider/framework';
import { generateConfig } from '../../../provider/framework/generate-config';
import { planAttributes } from '../../../provider/framework/plan-attributes';
import { fromStored } from '../../../provider/framework/stored-state';
import { validateConfig } from '../../../provider/framework/validate-config';
import { walk } from '../../../provider/framework/walk';
import { objectFromWire, objectToWire, valueFromWire, valueToWire } from '../../../provider/protocol/dynamic-value';
import { anyAttributes, anyConfig, anyValue } from './any-schema';

/** What holds for every schema, nested attributes of all kinds included. */
const configured = (unknown: boolean) =>
  anyAttributes.chain((attributes) =>
    anyConfig(attributes, { unknown }).map((config) => ({ schema: schemaOf(attributes), config })),
  );

function schemaOf(attributes: Attributes): Schema {
  return { version: 0, description: '', attributes };
}

/** What a provider makes of a plan: something for everything that it may fill in. */
function applied({ attributes }: Schema, planned: ObjectValue): ObjectValue {
  return walk(attributes, planned, ({ attribute: { type }, value }) => (value === UNKNOWN ? made(type) : value));
}

function made(type: Attributes[string]['type']): Value {
  if (isNested(type)) {
    const parts = Object.entries(type.attributes).map(([name, own]) => [name, made(own.type)] as const);
    const object: ObjectValue = Object.fromEntries(parts);
    return type.nesting === 'single' ? object : type.nesting === 'map' ? { k: object } : [object];
  }
  if (type === 'string') return 'made';
  if (type === 'bool') return true;
  if (type === 'number') return 7;
  if ('object' in type) return Object.fromEntries(Object.entries(type.object).map(([name, own]) => [name, made(own)]));
  return 'map' in type ? {} : [];
}

const RUNS = { numRuns: 100 };

test('a configuration that is made by the rules is valid', () => {
  fc.assert(
    fc.property(configured(true), ({ schema, config }) => {
      expect(validateConfig(schema, config)).toEqual([]);
    }),
    RUNS,
  );
});

test('planning again gives the same plan, and what was applied plans nothing', () => {
  fc.assert(
    fc.property(configured(false), fc.boolean(), ({ schema, config }, imported) => {
      const plan = planAttributes(schema, null, config, imported);
      expect(planAttributes(schema, null, config, imported)).toEqual(plan);
      const state = applied(schema, plan.planned);
      expect(planAttributes(schema, state, config, imported)).toEqual({
        planned: state,
        requiresReplace: [],
        adopted: [],
      });
    }),
    RUNS,
  );
});

test('the plan is the configuration wherever that says something', () => {
  fc.assert(
    fc.property(configured(true), ({ schema, config }) => {
      const { planned } = planAttributes(schema, null, config, false);
      walk(
        schema.attributes,
        config,
        ({ attribute, value, other }) => {
          if (value !== null && !isNested(attribute.type)) expect(other).toEqual(value);
          return value;
        },
        planned,
      );
    }),
    RUNS,
  );
});

test('a configuration that is made of a state plans nothing', () => {
  fc.assert(
    fc.property(configured(false), ({ schema, config }) => {
      const state = applied(schema, planAttributes(schema, null, config, false).planned);
      const generated = generateConfig(schema, state);
      expect(validateConfig(schema, generated)).toEqual([]);
      expect(planAttributes(schema, state, generated, false)).toMatchObject({ planned: state, requiresReplace: [] });
    }),
    RUNS,
  );
});

test('a state comes back from the state file as it was', () => {
  const json = (value: Value): unknown => JSON.parse(JSON.stringify(value, (_, own) => own));
  fc.assert(
    fc.property(configured(false), ({ schema, config }) => {
      const state = applied(schema, planAttributes(schema, null, config, false).planned);
      fc.pre(!hasTextNumbers(state));
      expect(fromStored(schema.attributes, json(state) as ObjectValue)).toEqual(json(state));
    }),
    RUNS,
  );
});

test('values cross the wire both ways as they are', () => {
  fc.assert(
    fc.property(configured(true), ({ schema, config }) => {
      expect(objectFromWire(schema, objectToWire(schema, config), 'config')).toEqual(config);
    }),
    RUNS,
  );
  const typed = anyAttributes.chain((attributes) => {
    const type = objectType(attributes);
    return anyValue(type, { unknown: true }).map((value) => ({ type, value }));
  });
  fc.assert(
    fc.property(typed, ({ type, value }) => {
      expect(valueFromWire(type, valueToWire(type, value as Value), 'value')).toEqual(value);
    }),
    RUNS,
  );
});

/** Numbers that JSON.parse cannot hold: Node 20 reads no others. */
function hasTextNumbers(value: Value): boolean {
  if (typeof value === 'bigint') return true;
  if (typeof value === 'string') return /^[\d.]+$/.test(value);
  if (typeof value !== 'object' || value === null) return false;
  const parts: readonly Value[] = Array.isArray(value) ? value : Object.values(value);
  return parts.some((part) => hasTextNumbers(part));
}

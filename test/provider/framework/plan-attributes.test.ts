import fc from 'fast-check';
import { planAttributes } from '../../../provider/framework/plan-attributes';
import type { Schema } from '../../../provider/framework/schema';
import { type ObjectValue, UNKNOWN, type Value } from '../../../provider/framework/value';

const schema: Schema = {
  version: 0,
  description: 'A lamp.',
  attributes: {
    id: { type: 'string', computed: true, description: '' },
    name: { type: 'string', required: true, description: '' },
    room: { type: 'string', required: true, requiresReplace: true, description: '' },
    watts: { type: 'number', optional: true, computed: true, default: 5, description: '' },
    colour: {
      type: 'string',
      optional: true,
      computed: true,
      default: 'white',
      requiresReplace: true,
      adoptAfterImport: (_, configured) => configured !== 'black',
      description: '',
    },
    tags: { type: { map: 'string' }, optional: true, description: '' },
    socket: { type: 'string', optional: true, requiresReplace: (prior) => prior.lit === null, description: '' },
    lit: { type: 'string', computed: true, description: '' },
  },
};

const config: ObjectValue = {
  id: null,
  name: 'desk',
  room: 'study',
  watts: null,
  colour: null,
  tags: null,
  socket: null,
  lit: null,
};
const state: ObjectValue = { ...config, id: 'l1', watts: 5, colour: 'white', lit: null };

test('a creation takes the configuration, defaults, and leaves the rest unknown until apply', () => {
  const { planned, requiresReplace } = planAttributes(schema, null, config, false);
  expect(planned).toEqual({ ...config, id: UNKNOWN, watts: 5, colour: 'white', lit: UNKNOWN });
  expect(requiresReplace).toEqual([]);
});

test('nothing changes where the configuration is what was applied', () => {
  expect(planAttributes(schema, state, config, false)).toEqual({ planned: state, requiresReplace: [], adopted: [] });
});

test.each<[string, ObjectValue, ObjectValue, string[]]>([
  ['in place', {}, { name: 'floor' }, []],
  ['by replacement', {}, { room: 'hall' }, ['room']],
  ['by replacement when the new value is unknown as yet', {}, { room: UNKNOWN }, ['room']],
  ['by replacement from a default', {}, { colour: 'red' }, ['colour']],
  ['by replacement where the state says so', { lit: null }, { socket: 'a' }, ['socket']],
  ['in place where the state says so', { lit: 'yes' }, { socket: 'a' }, []],
])('an attribute changes %s', (_, prior, change, replaced) => {
  const { planned, requiresReplace } = planAttributes(schema, { ...state, ...prior }, { ...config, ...change }, false);
  expect(requiresReplace).toEqual(replaced.map((name) => [name]));
  expect(planned).toEqual({ ...state, ...prior, ...change });
});

test('a value that is removed from the configuration goes back to its default', () => {
  expect(planAttributes(schema, { ...state, watts: 60 }, config, false).planned.watts).toBe(5);
  expect(planAttributes(schema, { ...state, tags: { a: 'b' } }, config, false).planned.tags).toBeNull();
});

test('after an import a value that the vault could not report is adopted in place', () => {
  const change = { ...config, colour: 'red' };
  expect(planAttributes(schema, state, change, true)).toMatchObject({ requiresReplace: [], adopted: [['colour']] });
  expect(planAttributes(schema, state, { ...config, colour: 'black' }, true).requiresReplace).toEqual([['colour']]);
  expect(planAttributes(schema, state, { ...config, room: 'hall' }, true).requiresReplace).toEqual([['room']]);
});

test.each<[string, ObjectValue, ObjectValue]>([
  ['an empty map', { keys: null }, { keys: {} }],
  ['no map in place of an empty one', { keys: {} }, { keys: null }],
  ['an empty set', { people: null }, { people: [] }],
  ['a set in another order', { people: ['a', 'b'] }, { people: ['b', 'a'] }],
])('%s is no reason to replace', (_, prior, change) => {
  const guarded: Schema = {
    ...schema,
    attributes: {
      ...schema.attributes,
      keys: { type: { map: 'string' }, optional: true, requiresReplace: true, description: '' },
      people: { type: { set: 'string' }, optional: true, requiresReplace: true, description: '' },
    },
  };
  const nothing = { keys: null, people: null };
  const plan = (own: ObjectValue) =>
    planAttributes(guarded, { ...state, ...nothing, ...prior }, { ...config, ...nothing, ...own }, false);
  expect(plan(change)).toMatchObject({ planned: change, requiresReplace: [] });
  expect(plan({ ...change, keys: { a: 'b' } }).requiresReplace).toEqual([['keys']]);
});

describe('nested attributes', () => {
  const bulb: Schema['attributes'] = {
    socket: { type: 'string', required: true, requiresReplace: true, description: '' },
    hue: { type: 'string', optional: true, computed: true, default: 'warm', description: '' },
    serial: { type: 'string', computed: true, description: '' },
    pin: { type: 'string', optional: true, writeOnly: true, description: '' },
  };
  const chandelier: Schema = {
    version: 0,
    description: '',
    attributes: {
      row: { type: { nesting: 'list', attributes: bulb }, optional: true, description: '' },
      heap: { type: { nesting: 'set', attributes: bulb }, optional: true, description: '' },
      named: { type: { nesting: 'map', attributes: bulb }, optional: true, description: '' },
      one: { type: { nesting: 'single', attributes: bulb }, optional: true, description: '' },
    },
  };
  const none: ObjectValue = { row: null, heap: null, named: null, one: null };
  const bulbOf = (socket: string, own: ObjectValue = {}): ObjectValue => ({
    socket,
    hue: null,
    serial: null,
    pin: null,
    ...own,
  });
  const lit = (socket: string, serial: string): ObjectValue => bulbOf(socket, { hue: 'warm', serial });

  test('of an element that is new are planned as of something new, write-only ones never', () => {
    const { planned } = planAttributes(chandelier, null, { ...none, row: [bulbOf('a', { pin: 'canary' })] }, false);
    expect(planned.row).toEqual([bulbOf('a', { hue: 'warm', serial: UNKNOWN })]);
  });

  test('keep what was computed: in a list by place, in a map by key, in a set by what is configured', () => {
    const prior: ObjectValue = {
      row: [lit('a', '1')],
      heap: [lit('x', '8'), lit('y', '9')],
      named: { n: lit('a', '2') },
      one: lit('a', '3'),
    };
    const wanted: ObjectValue = {
      row: [bulbOf('a'), bulbOf('b')],
      heap: [bulbOf('y'), bulbOf('z')],
      named: { n: bulbOf('a'), m: bulbOf('c') },
      one: bulbOf('a'),
    };
    const { planned, requiresReplace } = planAttributes(chandelier, prior, wanted, false);
    const made = (socket: string) => bulbOf(socket, { hue: 'warm', serial: UNKNOWN });
    expect(planned).toEqual({
      row: [lit('a', '1'), made('b')],
      heap: [lit('y', '9'), made('z')],
      named: { n: lit('a', '2'), m: made('c') },
      one: lit('a', '3'),
    });
    // An element of a set has no address of its own.
    expect(requiresReplace).toEqual([['row', 1, 'socket'], ['heap'], ['named', { mapKey: 'm' }, 'socket']]);
  });

  test('that are unknown as a whole are left so', () => {
    expect(planAttributes(chandelier, null, { ...none, row: UNKNOWN, named: { n: UNKNOWN } }, false).planned).toEqual({
      ...none,
      row: UNKNOWN,
      named: { n: UNKNOWN },
    });
  });
});

describe('whatever is configured', () => {
  const text = fc.oneof(fc.string({ unit: 'binary' }), fc.constant<Value>(UNKNOWN));
  const optional = (arbitrary: fc.Arbitrary<Value>) => fc.oneof(arbitrary, fc.constant<Value>(null));
  const configs: fc.Arbitrary<ObjectValue> = fc.record<ObjectValue>({
    id: fc.constant(null),
    name: text,
    room: text,
    watts: optional(fc.oneof(fc.integer(), fc.bigInt(), fc.constant<Value>(UNKNOWN))),
    colour: optional(text),
    tags: optional(fc.dictionary(fc.string(), text)),
    socket: optional(text),
    lit: fc.constant(null),
  });
  const priors = configs
    .map((values) => planAttributes(schema, null, withoutUnknown(values), false).planned)
    .map(known);

  test('planning again gives the same plan', () => {
    fc.assert(
      fc.property(fc.option(priors), configs, fc.boolean(), (prior, values, imported) => {
        expect(planAttributes(schema, prior, values, imported)).toEqual(
          planAttributes(schema, prior, values, imported),
        );
      }),
    );
  });

  test('the plan is the configuration wherever that says something', () => {
    fc.assert(
      fc.property(fc.option(priors), configs, (prior, values) => {
        const { planned } = planAttributes(schema, prior, values, false);
        expect(Object.keys(planned)).toEqual(Object.keys(schema.attributes));
        for (const [name, value] of Object.entries(values)) if (value !== null) expect(planned[name]).toBe(value);
      }),
    );
  });

  test('planning what was applied plans nothing', () => {
    fc.assert(
      fc.property(configs.map(withoutUnknown), fc.boolean(), (values, imported) => {
        const applied = known(planAttributes(schema, null, values, false).planned);
        const again = planAttributes(schema, applied, values, imported);
        expect(again).toEqual({ planned: applied, requiresReplace: [], adopted: [] });
      }),
    );
  });

  /** As Terraform has it once everything is known. */
  function withoutUnknown(object: ObjectValue): ObjectValue {
    const replace = (value: Value): Value => {
      if (value === UNKNOWN) return 'now known';
      return typeof value === 'object' && value !== null && !Array.isArray(value) ? withoutUnknown(value) : value;
    };
    return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, replace(value)]));
  }
  function known(planned: ObjectValue): ObjectValue {
    return { ...planned, id: 'l1', lit: 'yes' };
  }
});

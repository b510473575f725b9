import { Encoder, ExtData, encode } from '@msgpack/msgpack';
import fc from 'fast-check';
import type { Schema } from '../../../provider/framework/schema';
import type { AttributeType } from '../../../provider/framework/type';
import { UNKNOWN, type Value } from '../../../provider/framework/value';
import { objectFromWire, objectToWire, presentFromWire } from '../../../provider/protocol/dynamic-value';

const schemaOf = (types: Record<string, AttributeType>): Schema => ({
  version: 0,
  description: '',
  attributes: Object.fromEntries(Object.entries(types).map(([name, type]) => [name, { type, description: '' }])),
});

const packed = (value: unknown) => ({ msgpack: encode(value, { useBigInt64: true }), json: Buffer.of() });

/** Reads one attribute of this type as Terraform might send it. */
function read(type: AttributeType, raw: unknown): Value {
  return presentFromWire(schemaOf({ a: type }), packed({ a: raw }), 'config').a!;
}

/** What one attribute of this type looks like on the wire, after the map's head and key. */
function written(type: AttributeType, value: Value): string {
  const { msgpack } = objectToWire(schemaOf({ a: type }), { a: value });
  return Buffer.from(msgpack).subarray(3).toString('hex');
}

/** Map keys are anything; MessagePack's library refuses this one, see below. */
const key = fc.string({ unit: 'binary' }).filter((text) => text !== '__proto__');

function anyOf(type: AttributeType): fc.Arbitrary<Value> {
  return fc.oneof(
    { weight: 1, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: fc.constant(UNKNOWN) },
    { weight: 6, arbitrary: known(type) },
  );
}

function known(type: AttributeType): fc.Arbitrary<Value> {
  if (type === 'string') return fc.string({ unit: 'binary' });
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
  if ('list' in type) return fc.array(anyOf(type.list), { maxLength: 4 });
  if ('set' in type) return fc.array(anyOf(type.set), { maxLength: 4 });
  if ('map' in type) return fc.dictionary(key, anyOf(type.map), { maxKeys: 4, noNullPrototype: true });
  return fc.record(Object.fromEntries(Object.entries(type.object).map(([name, own]) => [name, anyOf(own)])), {
    noNullPrototype: true,
  }) as fc.Arbitrary<Value>;
}

const type: fc.Arbitrary<AttributeType> = fc.letrec<{ type: AttributeType }>((tie) => ({
  type: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.constantFrom<AttributeType>('string', 'bool', 'number'),
    tie('type').map((list) => ({ list })),
    tie('type').map((set) => ({ set })),
    tie('type').map((map) => ({ map })),
    fc
      .dictionary(fc.constantFrom('a', 'b', 'c_d'), tie('type'), { noNullPrototype: true })
      .map((object) => ({ object })),
  ),
})).type;

describe('values', () => {
  test('of any type come back as they were: unknown, null, nested, whole numbers and decimals of any size', () => {
    const pair = type.chain((own) => anyOf(own).map((value) => [own, value] as const));
    fc.assert(
      fc.property(pair, ([own, value]) => {
        const schema = schemaOf({ a: own });
        expect(objectFromWire(schema, objectToWire(schema, { a: value }), 'config')).toEqual({ a: value });
      }),
      { numRuns: 500 },
    );
  });

  test('that are unknown arrive as any extension, and leave as extension 0', () => {
    // Refined: unknown, but known not to be null.
    const refined = new Encoder().encode({ a: new ExtData(12, Uint8Array.of(0x81, 0x01, 0xc2)) });
    expect(presentFromWire(schemaOf({ a: 'string' }), { msgpack: refined, json: Buffer.of() }, 'config')).toEqual({
      a: UNKNOWN,
    });
    expect(read({ map: 'string' }, { k: new ExtData(0, Uint8Array.of(0)) })).toEqual({ k: UNKNOWN });
    expect(written('string', UNKNOWN)).toBe('d40000');
  });

  test('of a number arrive as text where they have a fraction, and leave as text too', () => {
    expect(read('number', '0.1')).toBe(0.1);
    expect(read('number', 0.5)).toBe(0.5);
    expect(written('number', 0.1)).toBe(`a3${Buffer.from('0.1').toString('hex')}`);
  });

  test('of a number keep digits that no double holds', () => {
    expect(read('number', '0.12345678901234567890123')).toBe('0.12345678901234567890123');
    expect(read('number', 2n ** 60n)).toBe(2n ** 60n);
    expect(read('number', 2 ** 70)).toBe(2n ** 70n);
    expect(read('number', String(2n ** 70n))).toBe(2n ** 70n);
    expect(written('number', 2n ** 63n - 1n)).toBe('cf7fffffffffffffff');
    expect(written('number', 2n ** 63n)).toBe(`b3${Buffer.from('9223372036854775808').toString('hex')}`);
  });

  test('of a number are plain numbers wherever that is exact', () => {
    expect(read('number', 5n)).toBe(5);
    expect(read('number', -7)).toBe(-7);
    expect(read('number', '60')).toBe(60);
  });

  test('that the provider leaves out are written as null', () => {
    const schema = schemaOf({ a: 'string', b: 'number' });
    expect(objectFromWire(schema, objectToWire(schema, { a: 'x' }), 'state')).toEqual({ a: 'x', b: null });
  });

  test('may arrive as JSON', () => {
    const json = Buffer.from('{"a":["x"]}');
    expect(objectFromWire(schemaOf({ a: { set: 'string' } }), { json, msgpack: Buffer.of() }, 'config')).toEqual({
      a: ['x'],
    });
  });

  test('that are not there are null, and refused where a call needs them', () => {
    const schema = schemaOf({ a: 'string' });
    expect(objectFromWire(schema, undefined, 'prior_state')).toBeNull();
    expect(objectFromWire(schema, packed(null), 'prior_state')).toBeNull();
    expect(objectToWire(schema, null).msgpack).toEqual(Uint8Array.of(0xc0));
    expect(() => presentFromWire(schema, undefined, 'current_state')).toThrow('current_state is missing.');
  });
});

describe('values that are not of the schema', () => {
  const schema = schemaOf({ a: 'string', m: { map: { list: 'number' } } });

  test.each<[unknown, string]>([
    [{ a: 5 }, 'config.a is not a string.'],
    [{ m: { canary: ['canary'] } }, 'an element of config.m[0] is not a number.'],
    [{ m: ['canary'] }, 'config.m is not a map.'],
    [{ z: 'canary' }, 'config has no attribute "z".'],
    ['canary', 'config is not a object.'],
    [new ExtData(0, Uint8Array.of(0)), 'config is unknown as a whole.'],
  ])('are refused with their place and without the value: %j', (raw, message) => {
    expect(() => objectFromWire(schema, packed(raw), 'config')).toThrow(message);
  });

  test('are refused when they are no MessagePack at all', () => {
    const cut = { msgpack: encode({ a: 'canary' }).subarray(0, 5), json: Buffer.of() };
    expect(() => objectFromWire(schema, cut, 'config')).toThrow(/^config is neither MessagePack nor JSON/);
  });

  test('are refused in words for the user with the one key that JavaScript objects cannot be trusted with', () => {
    const raw = { m: JSON.parse('{"__proto__":[1]}') };
    const refused = expect.objectContaining({
      diagnostics: [
        expect.objectContaining({ severity: 'error', detail: expect.stringContaining('in the config has') }),
      ],
    });
    expect(() => objectFromWire(schema, packed(raw), 'config')).toThrow(refused);
  });

  test('are a fault of the provider on the way out', () => {
    expect(() => objectToWire(schema, { a: 5 })).toThrow('value.a is not a string');
    expect(() => objectToWire(schema, { typo: 'x' })).toThrow('value has no attribute "typo"');
    expect(() => objectToWire(schemaOf({ n: 'number' }), { n: Number.NaN })).toThrow('value.n is not a number');
  });
});

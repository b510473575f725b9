import fc from 'fast-check';
import { isWhollyKnown, sameValue, UNKNOWN, type Value } from '../../../provider/framework/value';

const { value: values } = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom<Value>(null, UNKNOWN, true, false),
    fc.integer(),
    fc.double({ noNaN: true }),
    fc.bigInt(),
    fc.string({ unit: 'binary' }),
    fc.array(tie('value')),
    fc.dictionary(fc.string(), tie('value')),
  ),
}));

test('a value equals its copy', () => {
  const copy = (value: Value): Value => {
    if (Array.isArray(value)) return value.map(copy);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, copy(inner)]));
  };
  fc.assert(fc.property(values, (value) => sameValue(value, copy(value))));
});

test('equality is symmetric', () => {
  fc.assert(fc.property(values, values, (a, b) => sameValue(a, b) === sameValue(b, a)));
});

test.each<[Value, Value, boolean]>([
  [5, 5n, true],
  [9007199254740993n, 9007199254740992, false],
  ['5', 5, false],
  [null, UNKNOWN, false],
  [UNKNOWN, UNKNOWN, true],
  [{ a: null }, {}, false],
  [{ a: 1, b: 2 }, { b: 2, a: 1 }, true],
  [[1, 2], [2, 1], false],
  [{}, [], false],
  [0.5, 1n, false],
])('%p and %p are the same: %p', (a, b, same) => {
  expect(sameValue(a, b)).toBe(same);
});

test.each<[Value, boolean]>([
  [UNKNOWN, false],
  [[1, UNKNOWN], false],
  [{ a: { b: UNKNOWN } }, false],
  [{ a: [null, 'x', 1n] }, true],
])('%p is wholly known: %p', (value, known) => {
  expect(isWhollyKnown(value)).toBe(known);
});

import type { Schema } from '../../../provider/framework/schema';
import { validateConfig } from '../../../provider/framework/validate-config';
import { integerBetween, lengthBetween, matches, oneOf } from '../../../provider/framework/validators';
import { type ObjectValue, UNKNOWN, type Value } from '../../../provider/framework/value';

const schema: Schema = {
  version: 0,
  description: '',
  attributes: {
    id: { type: 'string', computed: true, description: '' },
    size: { type: 'number', optional: true, description: '', validators: [integerBetween(1, 9, 'metres')] },
    mode: { type: 'string', optional: true, computed: true, default: 'on', description: '', validators: [oneOf('on')] },
  },
};
const nothing: ObjectValue = { id: null, size: null, mode: null };

test('what the configuration leaves out or cannot know yet is not checked', () => {
  expect(validateConfig(schema, nothing)).toEqual([]);
  expect(validateConfig(schema, { ...nothing, size: UNKNOWN, mode: UNKNOWN })).toEqual([]);
});

test.each<[Value]>([['x'], [''], [UNKNOWN]])('a read-only attribute is refused when it is set to %p', (value) => {
  expect(validateConfig(schema, { ...nothing, id: value })).toEqual([
    expect.objectContaining({ severity: 'error', path: ['id'], detail: expect.stringContaining('"id" is set by') }),
  ]);
});

test('each wrong value is an error at its attribute', () => {
  const diagnostics = validateConfig(schema, { ...nothing, size: 10, mode: 'off' });
  expect(diagnostics.map(({ path }) => path)).toEqual([['size'], ['mode']]);
});

test.each<[string, string | undefined, string]>([
  ['a number in the range', integerBetween(1, 9, 'metres')(9), 'ok'],
  ['a big number in the range', integerBetween(1, 9, 'metres')(9n), 'ok'],
  ['a fraction', integerBetween(1, 9, 'metres')(1.5), 'Expected a whole number of metres from 1 to 9, got 1.5.'],
  [
    'a number beyond the range',
    integerBetween(1, 9, 'metres')(10n),
    'Expected a whole number of metres from 1 to 9, got 10.',
  ],
  ['text of another form', matches(/^a$/, 'an a')('b\n'), 'Expected an a, got "b\\n".'],
  ['text that is too long', lengthBetween(1, 3)('four'), 'Expected 1 to 3 characters, got 4: "four".'],
  ['text of characters beyond the first plane', lengthBetween(1, 3)('🔐🔐🔐'), 'ok'],
  ['empty text', lengthBetween(1, 3)(''), 'Expected 1 to 3 characters, got 0: "".'],
  ['another word', oneOf('a', 'b')('c'), 'Expected "a" or "b", got "c".'],
])('%s gets its message', (_, message, expected) => {
  expect(message ?? 'ok').toBe(expected);
});

test('a long value is cut in a message', () => {
  expect(oneOf('a')('x'.repeat(5000))).toMatch(/x… \(5002 characters\)\.$/);
});

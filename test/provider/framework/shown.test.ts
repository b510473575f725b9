import fc from 'fast-check';
import { shown } from '../../../provider/framework/shown';

test.each([
  ['a quote and a line break', 'a"b\n', '"a\\"b\\n"'],
  ['a C1 control, which steers a terminal', 'a\u009b31mb', '"a\\u009b31mb"'],
  ['NEL', 'a\u0085b', '"a\\u0085b"'],
  ['what turns the direction of text', '\u202eabc\u2066', '"\\u202eabc\\u2066"'],
  ['what is not seen', 'a\u200b\ufeffb', '"a\\u200b\\ufeffb"'],
  ['half a surrogate pair', '\ud800', '"\\ud800"'],
  ['letters of any language, and emoji', 'ü 漢 🔑', '"ü 漢 🔑"'],
])('%s is quoted so that it can be seen and does nothing', (_, text, expected) => {
  expect(shown(text)).toBe(expected);
});

test('long text is cut between characters', () => {
  expect(shown('🔑'.repeat(100))).toBe(`"${'🔑'.repeat(59)}… (102 characters)`);
});

test('whatever is shown has no control and no half of a character', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
      expect(shown(text)).toMatch(/^[^\p{Cc}\p{Surrogate}\u202a-\u202e\u2066-\u2069]*$/u);
    }),
  );
});

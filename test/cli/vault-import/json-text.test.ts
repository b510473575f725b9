import fc from 'fast-check';
import { JsonTextError, parseJsonText } from '../../../cli/vault-import/json-text';

const faultOf = (text: string): JsonTextError | undefined => {
  try {
    parseJsonText(text);
    return undefined;
  } catch (error) {
    if (error instanceof JsonTextError) return error;
    throw error;
  }
};

test('every JSON text has the value that JSON.parse gives it', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom(undefined, 2, '\t'), (value, space) => {
      const text = JSON.stringify(value, null, space);
      expect(parseJsonText(text)).toEqual(JSON.parse(text));
    }),
  );
});

test('a text is refused exactly when JSON.parse refuses it', () => {
  const mutated = fc
    .tuple(
      fc.json(),
      fc.array(fc.tuple(fc.nat(), fc.constantFrom(...'{}[],:"\\0-+.eE u\n\u0000tfn'.split(''))), {
        minLength: 1,
        maxLength: 3,
      }),
    )
    .map(([text, edits]) =>
      edits.reduce((edited, [at, character]) => {
        const position = at % (edited.length + 1);
        return edited.slice(0, position) + character + edited.slice(position + (at % 2));
      }, text),
    );
  fc.assert(
    fc.property(mutated, (text) => {
      let accepted = true;
      try {
        JSON.parse(text);
      } catch {
        accepted = false;
      }
      const fault = faultOf(text);
      fc.pre(!fault?.message.includes('second time'));
      expect({ text, accepted: fault === undefined }).toEqual({ text, accepted });
    }),
    { numRuns: 2000 },
  );
});

test('__proto__ is a name like any other', () => {
  const value = parseJsonText('{"__proto__": {"polluted": true}}') as Record<string, unknown>;
  expect(Object.keys(value)).toEqual(['__proto__']);
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
});

test('a name that occurs twice in one object is refused, since one of the two values would be lost', () => {
  expect(faultOf('{"a": 1,\n "b": {"a": 2},\n "a": 3}')).toMatchObject({
    line: 3,
    column: 2,
    message: expect.stringContaining('second time'),
  });
});

test('half of a surrogate pair is refused where it stands, a whole pair is a character', () => {
  expect(faultOf('{"a": "\\ud83d\\ude00",\n "b": "x\\ud800"}')).toMatchObject({
    line: 2,
    column: 7,
    message: expect.stringContaining('half of a surrogate pair'),
  });
  expect(parseJsonText('"\\ud83d\\ude00"')).toBe('😀');
});

test('a fault is located by line and column', () => {
  expect(faultOf('{\n  "a": 1\n  "b": 2\n}')).toMatchObject({ line: 3, column: 3 });
  expect(faultOf('')).toMatchObject({ line: 1, column: 1 });
  expect(faultOf('[1, 2')).toMatchObject({ line: 1, column: 6 });
});

test('no message quotes the text, which may hold a password', () => {
  const canary = 'canary-7f3a';
  for (const text of [
    `{"password": "${canary}`,
    `{"password": "${canary}" x}`,
    `${canary}`,
    `{"${canary}": 1, "${canary}": 2}`,
  ]) {
    expect(faultOf(text)!.message).not.toContain(canary);
  }
});

test('hostile nesting is refused and a long text is read', () => {
  expect(faultOf('['.repeat(100_000))?.message).toContain('nested');
  const long = 'x'.repeat(5_000_000);
  expect(parseJsonText(JSON.stringify({ long }))).toEqual({ long });
});

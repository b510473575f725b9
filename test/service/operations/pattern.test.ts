import * as fc from 'fast-check';
import { sql } from 'kysely';
import { matches } from '../../../service/pattern';
import { type TemporaryVault, temporaryVault } from '../vault/temporary-vault';

let temporary: TemporaryVault;
beforeAll(async () => {
  temporary = await temporaryVault();
});
afterAll(() => temporary.close());

/** What the store says of many at once. */
async function inStore(pairs: readonly (readonly [pattern: string, name: string])[]): Promise<boolean[]> {
  const { database } = temporary;
  const columns = pairs.map(
    ([pattern, name], index) =>
      sql`(select ${database.matches('name', pattern)} from (select ${name} as name)) as ${sql.ref(`c${index}`)}`,
  );
  const { rows } = await sql<Record<string, number>>`select ${sql.join(columns)}`.execute(database.db);
  return pairs.map((_pair, index) => rows[0]![`c${index}`] === 1);
}

/** Few letters, so that patterns and names meet; all that GLOB or JavaScript could read in another way. */
const letter = fc.constantFrom(
  'a',
  'b',
  'A',
  '*',
  '?',
  '[',
  ']',
  '^',
  '-',
  '!',
  '\\',
  '%',
  '_',
  'é',
  'É',
  'e\u0301',
  'ß',
  '日',
  '😀',
  ' ',
  '\n',
);
const text = fc.array(letter, { maxLength: 8 }).map((letters) => letters.join(''));
/** A name, and a pattern made of it: stars put into it and in place of parts of it. */
const alike = fc
  .tuple(fc.array(letter, { maxLength: 8 }), fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }), fc.boolean())
  .map(([letters, stars, instead]): [string, string] => [
    letters.map((each, index) => (stars[index] ? (instead ? '*' : `*${each}`) : each)).join(''),
    letters.join(''),
  ]);
const pair = fc.oneof(fc.tuple(text, text), alike);

test('what a pattern allows is the same in the policy and in the store', async () => {
  let matched = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(pair, { minLength: 50, maxLength: 50 }), async (pairs) => {
      const said = pairs.map(([pattern, name]) => matches(pattern, name));
      matched += said.filter(Boolean).length;
      expect(await inStore(pairs)).toEqual(said);
    }),
    { numRuns: 60 },
  );
  expect(matched).toBeGreaterThan(100);
});

test.each([
  ['', '', true],
  ['', 'a', false],
  ['*', '', true],
  ['**', 'ab', true],
  ['a*a', 'a', false],
  ['a*a', 'aa', true],
  ['*ab*ab', 'ab', false],
  ['[a]', 'a', false],
  ['[a]', '[a]', true],
  ['[*', '[x', true],
  ['?', 'a', false],
  ['?', '?', true],
  ['pay-*', 'PAY-1', false],
  ['é*', 'é1', true],
  ['*😀', 'a😀', true],
])('%j allows %j: %s', async (pattern, name, allowed) => {
  expect([matches(pattern, name), (await inStore([[pattern, name]]))[0]]).toEqual([allowed, allowed]);
});

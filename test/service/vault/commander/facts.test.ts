import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { FACTS } from './facts';

const root = resolve(__dirname, '../../../..');
const texts = new Map<string, string>();
const textOf = (file: string): string => {
  const known = texts.get(file) ?? readFileSync(resolve(root, file), 'utf8');
  texts.set(file, known);
  return known;
};

describe.each(Object.entries(FACTS))('%s', (_section, facts) => {
  test.each(facts)('$fact: a test holds it, or it is said why none does', ({ fact, tests, why }) => {
    expect([fact, tests === undefined]).toEqual([fact, why !== undefined]);
    for (const [file, title] of tests ?? []) {
      expect([title, textOf(file).includes(title)]).toEqual([title, true]);
    }
  });
});

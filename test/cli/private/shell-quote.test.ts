import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { shellQuote } from '../../../cli/private/shell-quote';

test('a shell reads every quoted text back unchanged', () => {
  // One shell for all of them: it separates what it read by NUL.
  const texts = fc.sample(
    fc.oneof(fc.string({ unit: 'grapheme' }), fc.string({ unit: fc.constantFrom(...'\'"$`\\ \n\t*?;&|<>(){}!~#-') })),
    500,
  );
  const clean = texts.filter((text) => !text.includes('\0'));
  const script = clean.map((text) => `printf '%s\\0' ${shellQuote(text)}`).join('\n');
  const read = execFileSync('sh', ['-s'], { input: script, encoding: 'utf8' }).split('\0').slice(0, -1);
  expect(read).toEqual(clean);
});

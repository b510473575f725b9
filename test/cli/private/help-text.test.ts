import { fitted, helpWidth } from '../../../cli/private/help-text';

test('help is as wide as the terminal, within what can be read', () => {
  expect([undefined, 20, 72, 200].map(helpWidth)).toEqual([80, 80, 72, 100]);
});

test('texts are wrapped at words, whatever lines they were written in; indented lines stay', () => {
  const text = 'One two\nthree four five.\n\nExamples:\n  ksm-iac x\n  ksm-iac y\n';
  expect(fitted(text, 14)).toBe('One two three\nfour five.\n\nExamples:\n  ksm-iac x\n  ksm-iac y\n');
});

test('a command that is too long goes on before an option, and not between quotes', () => {
  expect(fitted("  ksm-iac dev --data ./vault -- sh -c 'echo --a --b'\n", 30)).toBe(
    "  ksm-iac dev --data ./vault \\\n    -- sh -c 'echo --a --b'\n",
  );
});

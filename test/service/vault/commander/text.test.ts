import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { commandText, requireTitle } from '../../../../service/vault/commander/text';
import { commanderPython, describeCommander } from '../../../commander/commander';

const words = 'secrets-manager client add';

test('what Commander looks for itself stands as it is, and a value is one word', () => {
  expect(commandText('secrets-manager app get', 'AbC', { format: 'json' })).toBe(
    'secrets-manager app get AbC --format=json',
  );
  expect(commandText(words, undefined, { name: "it's", 'unlock-ip': true, count: undefined })).toBe(
    `${words} --name='it'"'"'s' --unlock-ip`,
  );
});

test.each([
  ['', 'is empty'],
  ['a\nb', 'line break'],
  ['a\0', 'NUL'],
  ['$' + '{HOME}', '${…}'],
  ['--', 'is --'],
  ['commander service mode Config', "Commander's own records"],
])('the value %j is refused before anything is sent', (value, why) => {
  expect(() => commandText(words, undefined, { name: value })).toThrow(why);
  expect(() => commandText(words, undefined, { name: value })).toThrow(
    expect.objectContaining({
      code: 'unsupported_by_vault',
      facts: { errors: [{ field: '/name', message: expect.any(String) }] },
    }),
  );
});

test('a title with a dash first, or of the applications that Commander makes for itself, is refused', () => {
  expect(() => requireTitle('-x')).toThrow('dash');
  expect(() => requireTitle('Commander Service Mode - Docker KSM App')).toThrow('left alone');
  expect(() => commandText(words, undefined, { name: 'x'.repeat(5_000) })).toThrow('4096');
});

/** Names as people write them, and every trap that is known. */
const anything = fc.oneof(
  fc.string({ maxLength: 60 }),
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc
    .array(
      fc.constantFrom(
        "'",
        '"',
        '\\',
        '$',
        '`',
        ';',
        '|',
        '&',
        '&#39;',
        '&apos;',
        '&amp;',
        '<',
        '>',
        '#',
        ' ',
        '  ',
        '\t',
        '-',
        '--',
        ' --format=json',
        'search record',
        'search folder',
        'pam project import',
        '=',
        'ä',
        '日本',
        '😀',
        '$X',
        '{',
        '}',
      ),
      { maxLength: 12 },
    )
    .map((parts) => parts.join('')),
);

/** Both of Commander's own tokenizers, and what its parser of replies looks for in the text. */
const JUDGE = `
import json, sys, html, shlex
from keepercommander.service.util.verified_command import Verifycommand
from keepercommander.service.decorators.auth import ensure_record_add_json_format
for line in sys.stdin:
    text = json.loads(line)
    checked = Verifycommand.tokenize_service_command(ensure_record_add_json_format(html.unescape(text)))
    found = [word for word in (' --format=json', 'search record', 'search folder', 'pam project import') if word in text]
    print(json.dumps({'run': shlex.split(text), 'count': len(checked), 'found': found}))
`;

describeCommander('every string that may be sent', () => {
  test('arrives unchanged, as one argument, and says nothing to the parser of replies: 10,000 of them', () => {
    const values = fc.sample(anything, { numRuns: 12_000, seed: 20_261_126 });
    const sent = values.flatMap((value) => {
      try {
        return [{ value, text: commandText(words, undefined, { name: value }) }];
      } catch {
        return [];
      }
    });
    expect(sent.length).toBeGreaterThan(10_000);
    const { stdout, stderr } = spawnSync(commanderPython!, ['-c', JUDGE], {
      input: sent.map(({ text }) => JSON.stringify(text)).join('\n'),
      encoding: 'utf8',
      maxBuffer: 64 * 1_048_576,
    });
    const answers = stdout.trim().split('\n');
    expect([answers.length, stderr]).toEqual([sent.length, '']);
    for (const [index, answer] of answers.entries()) {
      const { value, text } = sent[index]!;
      expect({ text, ...JSON.parse(answer) }).toEqual({
        text,
        run: ['secrets-manager', 'client', 'add', `--name=${value}`],
        count: 4,
        found: [],
      });
    }
  }, 240_000);
});

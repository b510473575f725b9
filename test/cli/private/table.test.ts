import { printList } from '../../../cli/private/list';
import { printable, widthOf } from '../../../cli/private/printable';
import { type Column, tableLines, timeText } from '../../../cli/private/table';

interface Item {
  readonly name: string | null;
  readonly uid: string;
}
const COLUMNS: Column<Item>[] = [
  { heading: 'NAME', value: ({ name }) => name },
  { heading: 'UID', value: ({ uid }) => uid, whole: true },
];
const UID = 'AAAAAAAAAAAAAAAAAAAAAA';

test('columns are as wide as what is in them, and nothing is shown as a dash', () => {
  const items = [
    { name: 'payments', uid: UID },
    { name: null, uid: 'B' },
    { name: '', uid: '' },
  ];
  expect(tableLines(items, COLUMNS)).toEqual(['NAME      UID', `payments  ${UID}`, '-         B', '-         -']);
});

test.each([
  ['plain', 5],
  ['日本語', 6],
  ['한국', 4],
  ['ｶﾅ', 2],
  ['ＡＢ', 4],
  ['e\u0301tude', 5],
  ['🚀 up', 5],
  ['❤\ufe0f', 2],
  ['中\u0301', 2],
  ['', 0],
])('%j takes %d columns of a terminal', (text, width) => {
  expect(widthOf(text)).toBe(width);
});

test('columns after wide characters and marks stand below each other', () => {
  const lines = tableLines(
    ['日本', 'e\u0301', 'abcd'].map((name) => ({ name, uid: '|' })),
    COLUMNS,
  );
  expect(lines.map((line) => widthOf(line.slice(0, line.search(/[|U]/))))).toEqual([6, 6, 6, 6]);
});

test.each([
  ['\u001b[31mred', '\\u{1b}[31mred'],
  ['a\nb\tc', 'a\\u{a}b\\u{9}c'],
  ['pay\u202estnem', 'pay\\u{202e}stnem'],
  ['a\u2066b\u2069', 'a\\u{2066}b\\u{2069}'],
  ['zero\u200bwidth', 'zero\\u{200b}width'],
  ['line\u2028end', 'line\\u{2028}end'],
  ['half\ud83d', 'half\\u{d83d}'],
  ['\u009b2J', '\\u{9b}2J'],
  ['tag\u{e0041}', 'tag\\u{e0041}'],
  ["O'Brien é 日本 🚀", "O'Brien é 日本 🚀"],
])('of %j what a terminal would obey or hide is written out', (text, shown) => {
  expect(printable(text)).toBe(shown);
});

test('on a terminal the widest values are cut, and a UID never', () => {
  const items = [{ name: 'x'.repeat(100), uid: UID }];
  const lines = tableLines(items, COLUMNS, 54);
  expect(lines[1]).toBe(`${'x'.repeat(29)}…  ${UID}`);
  expect(Math.max(...lines.map(widthOf))).toBe(54);
});

test('a cut leaves no half of a wide character, and no space before its mark', () => {
  const of = (name: string) => tableLines([{ name, uid: UID }], COLUMNS, 46)[1];
  expect(of('日'.repeat(20))).toBe(`${'日'.repeat(10)}…   ${UID}`);
  expect(of(`nine${' '.repeat(20)}and more`)).toBe(`nine…${' '.repeat(19)}${UID}`);
});

test('a last column that does not fit stands below its line, and the others have the whole width', () => {
  const items = [{ name: 'x'.repeat(100), uid: 'u'.repeat(86) }];
  const lines = tableLines(items, COLUMNS, 80);
  expect(lines).toEqual(['NAME', '  UID', `${'x'.repeat(79)}…`, `  ${'u'.repeat(86)}`]);
});

test('a last column that takes most of the terminal stands below before anything else is cut', () => {
  const lines = tableLines([{ name: 'x'.repeat(30), uid: 'u'.repeat(45) }], COLUMNS, 75);
  expect(lines).toEqual(['NAME', '  UID', 'x'.repeat(30), `  ${'u'.repeat(45)}`]);
});

test('elsewhere than on a terminal nothing is cut', () => {
  const name = 'x'.repeat(500);
  expect(tableLines([{ name, uid: UID }], COLUMNS)[1]).toBe(`${name}  ${UID}`);
});

test('a time is shown to the second, in UTC', () => {
  expect(timeText('2026-11-26T01:02:03.456Z')).toBe('2026-11-26T01:02:03Z');
  expect(timeText('2026-11-26T01:02:03Z')).toBe('2026-11-26T01:02:03Z');
  expect(timeText(null)).toBeNull();
});

describe('printList', () => {
  const printed = (items: Item[], json: boolean, terminal?: number) => {
    const texts = { out: '', err: '' };
    const write = (key: 'out' | 'err') => (text: string) => {
      texts[key] += text;
      return true;
    };
    const stderr = jest.spyOn(process.stderr, 'write').mockImplementation(write('err') as typeof process.stderr.write);
    const out = { isTTY: terminal !== undefined, columns: terminal, write: write('out') };
    printList(
      items,
      { columns: COLUMNS, none: 'There is nothing' },
      json || undefined,
      out as unknown as NodeJS.WriteStream,
    );
    stderr.mockRestore();
    return texts;
  };

  test('programs get the items as they are, an empty list too', () => {
    const items = [{ name: 'a\u202eb', uid: UID }];
    expect(JSON.parse(printed(items, true).out)).toEqual(items);
    expect(printed(items, true).out).toBe(`[\n  {\n    "name": "a\u202eb",\n    "uid": "${UID}"\n  }\n]\n`);
    expect(printed([], true)).toEqual({ out: '[]\n', err: '' });
  });

  test('that there is nothing is a sentence on standard error', () => {
    expect(printed([], false)).toEqual({ out: '', err: 'ksm-iac: There is nothing.\n' });
  });

  test('only a terminal has a width', () => {
    const items = [{ name: 'x'.repeat(100), uid: UID }];
    expect(printed(items, false).out).toContain('x'.repeat(100));
    expect(printed(items, false, 60).out).toContain('x…  ');
  });
});

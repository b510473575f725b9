import { logText } from '../../../cli/private/log-text';

const stream = { isTTY: false } as NodeJS.WriteStream;
const text = (line: object) => logText(`${JSON.stringify(line)}\n`, stream);
const time = '2026-11-27T14:26:38.468Z';

test('a line of the log is a time, a level, the message and the facts', () => {
  expect(text({ level: 30, time, endpoint: 'https://127.0.0.1:1', msg: 'ready', tries: 2 })).toBe(
    '14:26:38 info  ready endpoint=https://127.0.0.1:1 tries=2\n',
  );
  expect(text({ level: 40, time, name: 'two words', msg: 'odd' })).toBe('14:26:38 warn  odd name="two words"\n');
});

test('what a terminal would obey is written out, in a stack too', () => {
  expect(text({ level: 50, time, msg: 'a\u001b[31m', err: { message: 'm', stack: 'Error: \u202em\n    at x' } })).toBe(
    '14:26:38 error a\\u{1b}[31m\n  Error: \\u{202e}m\n      at x\n',
  );
});

test('colours are for a terminal, unless NO_COLOR says otherwise', () => {
  const terminal = { isTTY: true } as NodeJS.WriteStream;
  const line = `${JSON.stringify({ level: 50, time, msg: 'm' })}\n`;
  const before = process.env.NO_COLOR;
  try {
    delete process.env.NO_COLOR;
    expect(logText(line, terminal)).toContain('\u001b[31merror');
    process.env.NO_COLOR = '1';
    expect(logText(line, terminal)).not.toContain('\u001b');
  } finally {
    if (before === undefined) delete process.env.NO_COLOR;
    else process.env.NO_COLOR = before;
  }
});

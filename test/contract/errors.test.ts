import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CLIENT_FAILURES, KsmError, PROBLEMS } from '../../contract/errors';

test('every problem code has a client or server error status', () => {
  for (const [code, { status }] of Object.entries(PROBLEMS)) {
    expect({ code, ok: status >= 400 && status < 600 }).toEqual({ code, ok: true });
  }
});

test('an error carries the title of its code', () => {
  expect(new KsmError('grant_exists', 'detail').title).toBe(PROBLEMS.grant_exists.title);
});

test('docs/errors.md has one row for each code, with its status', () => {
  const documented = readFileSync(join(__dirname, '../../docs/errors.md'), 'utf8');
  const problems = [...documented.matchAll(/^\| <a id="(\w+)"><\/a>`(\w+)` \| (\d+) \| \S.* \| \S.* \|$/gm)];
  expect(problems.map(([, anchor, code, status]) => [anchor, code, Number(status)])).toEqual(
    Object.entries(PROBLEMS).map(([code, { status }]) => [code, code, status]),
  );
  const failures = [...documented.matchAll(/^\| `(\w+)` \| \S.* \| \S.* \|$/gm)];
  expect(failures.map(([, code]) => code)).toEqual(Object.keys(CLIENT_FAILURES));
});

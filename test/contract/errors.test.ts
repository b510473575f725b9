import { KsmError, PROBLEMS } from '../../contract/errors';

test('every problem code has a client or server error status', () => {
  for (const [code, { status }] of Object.entries(PROBLEMS)) {
    expect({ code, ok: status >= 400 && status < 600 }).toEqual({ code, ok: true });
  }
});

test('an error carries the title of its code', () => {
  expect(new KsmError('grant_exists', 'detail').title).toBe(PROBLEMS.grant_exists.title);
});

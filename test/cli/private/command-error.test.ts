import { reasonOf } from '../../../cli/private/command-error';

test.each([
  [{ code: 'EACCES' }, 'this user may not'],
  [{ code: 'EXDEV' }, 'EXDEV'],
  [new Error('of nobody'), 'for an unknown reason'],
  [{ code: 7 }, 'for an unknown reason'],
  [null, 'for an unknown reason'],
])('%j is said as: %s', (error, reason) => {
  expect(reasonOf(error)).toBe(reason);
});

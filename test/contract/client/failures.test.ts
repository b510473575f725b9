import { retryAfterSeconds } from '../../../contract/client/failures';

const now = Date.parse('2026-01-01T00:00:00Z');

test.each([
  ['2', 2],
  ['0', 0.1],
  ['Thu, 01 Jan 2026 00:00:05 GMT', 5],
  ['Wed, 31 Dec 2025 00:00:00 GMT', 0.1],
  ['soon', undefined],
  ['', undefined],
  [undefined, undefined],
])('Retry-After %p is a wait of %p seconds', (header, seconds) => {
  expect(retryAfterSeconds(header, now)).toBe(seconds);
});

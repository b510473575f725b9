import { UID_PATTERN } from '../../../contract/limits';
import { randomId, randomIdBytes } from '../../../service/world/random-id';

test('what is drawn never begins with a dash, and everything else comes first', () => {
  const ids = Array.from({ length: 20_000 }, randomId);
  expect(ids.filter((id) => !new RegExp(UID_PATTERN).test(id))).toEqual([]);
  expect(new Set(ids.map((id) => id[0])).size).toBe(63);
  expect(ids.filter((id) => id.startsWith('-'))).toEqual([]);
  expect(new Set(ids).size).toBe(ids.length);
});

test('bytes of any length have no dash first in base64url', () => {
  const texts = Array.from({ length: 5_000 }, () => randomIdBytes(32).toString('base64url'));
  expect(texts.filter((text) => text.length !== 43 || text.startsWith('-'))).toEqual([]);
});

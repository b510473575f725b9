import fc from 'fast-check';
import { encryptedText, Many } from '../../../service/device-api/reply-text';
import { decrypt, newKey } from '../../../service/vault/embedded/crypto';
import { turnsDuring } from '../../support/turns';

const key = newKey();
const textOf = async (reply: object) => decrypt(key, await encryptedText(key, reply)).toString();

test('what is written in portions is what JSON writes', async () => {
  await fc.assert(
    fc.asyncProperty(fc.jsonValue(), async (value) => {
      expect(await textOf({ value })).toBe(JSON.stringify({ value }));
    }),
  );
});

test('items that are written one after another stand where an array would, and undefined nowhere', async () => {
  const items = Array.from({ length: 1_000 }, (_, number) => ({ number, text: 'ä"\\'.repeat(300) }));
  const reply = {
    none: undefined,
    of: [{ records: new Many(items, (item) => item) }],
    empty: new Many([], () => ({})),
  };
  expect(await textOf(reply)).toBe(JSON.stringify({ of: [{ records: items }], empty: [] }));
});

test('others get their turn while a large reply is written', async () => {
  const records = new Many(
    Array.from({ length: 4_000 }, () => 'x'.repeat(1_000)),
    (text) => ({ text }),
  );
  const { turns } = await turnsDuring(() => encryptedText(key, { records }));
  expect(turns).toBeGreaterThan(10);
});

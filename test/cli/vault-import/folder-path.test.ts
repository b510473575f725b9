import fc from 'fast-check';
import { folderKey, folderNames, folderPath } from '../../../cli/vault-import/folder-path';

test('a path is names between backslashes; blanks around names do not count', () => {
  expect(folderNames('Social Media\\Customer1')).toEqual(['Social Media', 'Customer1']);
  expect(folderNames('\\ a \\\\b \\ c\\')).toEqual(['a \\b', 'c']);
  expect(folderNames(' \\ ')).toEqual([]);
});

test('names written as a path are read back unchanged', () => {
  const name = fc
    .string({ minLength: 1, unit: fc.constantFrom('a', '\\', ' ', '🔑', '/') })
    .filter((text) => text.trim() === text && !text.startsWith('\\'));
  fc.assert(
    fc.property(fc.array(name), (names) => {
      expect(folderNames(folderPath(names))).toEqual(names);
    }),
  );
});

test('letter case does not tell two paths apart', () => {
  expect(folderKey(['Prod', 'DB'])).toBe(folderKey(['prod', 'db']));
  expect(folderKey(['a', '\\b'])).not.toBe(folderKey(['a\\', 'b']));
});

import { strToU8, zipSync } from 'fflate';
import { isArchive, VaultFileError, vaultFileOf } from '../../../cli/vault-import';

const FILE = JSON.stringify({ records: [{ title: 'a', attachments: [{ file_uid: 'x', name: 'key.pem' }] }] });
const problem = (archive: Uint8Array, maxBytes = 1000): string => {
  try {
    vaultFileOf(archive, maxBytes);
    return '';
  } catch (error) {
    if (!(error instanceof VaultFileError)) throw error;
    return error.message;
  }
};

test('the vault file is taken out of an archive with attachments', () => {
  const archive = zipSync({ 'export.json': strToU8(FILE), 'files/x': new Uint8Array(100_000) });
  expect(isArchive(archive)).toBe(true);
  expect(isArchive(strToU8(FILE))).toBe(false);
  expect(Buffer.from(vaultFileOf(archive, 1000)).toString()).toBe(FILE);
});

test('what is attached is never unpacked: not even when nobody could', () => {
  const archive = zipSync({ 'files/x': strToU8('x'.repeat(1000)), 'export.json': strToU8(FILE) });
  // The first file's content, after its header of 30 bytes and its name.
  archive.fill(0xff, 30 + 'files/x'.length, 30 + 'files/x'.length + 8);
  expect(Buffer.from(vaultFileOf(archive, 1000)).toString()).toBe(FILE);
});

test('an archive that has none, is too large unpacked, or is damaged, is refused in a sentence', () => {
  expect(problem(zipSync({ 'vault.json': strToU8(FILE) }))).toContain('The archive has no export.json');
  expect(problem(zipSync({ 'export.json': new Uint8Array(5000) }))).toBe(
    'export.json in the archive has 5000 bytes unpacked; a vault file may have 1000. Split it.',
  );
  const archive = zipSync({ 'export.json': strToU8(FILE.repeat(5)) });
  expect(problem(archive.subarray(0, archive.length - 30))).toContain('The archive is damaged');
  const torn = Uint8Array.from(archive);
  torn.fill(0xff, 45, 60);
  expect(problem(torn)).toContain('The archive is damaged');
});

import fc from 'fast-check';
import { isClientId, isUid, splitImportId } from '../../../../provider/resources/private/import-id';

const base64url = (length: number) =>
  fc.uint8Array({ minLength: length, maxLength: length }).map((bytes) => Buffer.from(bytes).toString('base64url'));

test('whatever two ids are joined, they come apart again', () => {
  fc.assert(
    fc.property(base64url(16), base64url(64), (applicationId, clientId) => {
      expect(splitImportId(`${applicationId}/${clientId}`, '', isClientId)).toEqual({ applicationId, part: clientId });
    }),
  );
});

test('any other text is refused with what is expected', () => {
  const expected = '<application UID>/<folder UID>';
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(() => splitImportId(text, expected, isUid)).toThrow('The import id is malformed');
    }),
  );
});

test.each([
  '',
  '/',
  'AAAAAAAAAAAAAAAAAAAAAA',
  'AAAAAAAAAAAAAAAAAAAAAA/',
  'AAAAAAAAAAAAAAAAAAAAAA/AAAAAAAAAAAAAAAAAAAAAA/',
  ' AAAAAAAAAAAAAAAAAAAAAA/AAAAAAAAAAAAAAAAAAAAAA',
])('%j is refused', (id) => {
  expect(() => splitImportId(id, 'x', isUid)).toThrow('malformed');
});

import fc from 'fast-check';
import { openConnection } from '../../../service/store/sqlite/connection';

const connection = openConnection(':memory:');
connection.prepare('CREATE TABLE cell (value)').run([]);
afterAll(() => connection.close());

const roundTrip = (value: unknown) => {
  connection.prepare('DELETE FROM cell').run([]);
  connection.prepare('INSERT INTO cell VALUES (?)').run([value]);
  return (connection.prepare('SELECT value FROM cell').all([])[0] as { value: unknown }).value;
};

test('blobs, text, numbers and null come back as they were stored', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.uint8Array().map((bytes) => Buffer.from(bytes)),
        fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0')),
        fc.maxSafeInteger(),
        fc.constant(null),
      ),
      (value) => expect(roundTrip(value)).toEqual(value),
    ),
  );
});

test('a boolean is stored as a number, since libsql ends the process on one', () => {
  expect([roundTrip(true), roundTrip(false)]).toEqual([1, 0]);
});

test('text with a NUL is refused, since libsql would cut it there', () => {
  expect(() => roundTrip('a\0b')).toThrow('NUL');
});

test('what no column can hold is refused', () => {
  expect(() => roundTrip({})).toThrow('object');
  expect(() => roundTrip(undefined)).toThrow('undefined');
});

test('a connection that is closed says so, and does not end the process', () => {
  const closed = openConnection(':memory:');
  closed.close();
  expect(closed.inTransaction).toBe(false);
  expect(() => closed.exec('select 1')).toThrow('closed');
  expect(() => closed.prepare('select 1')).toThrow('closed');
});

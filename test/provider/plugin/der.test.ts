import { bitString, boolean, context, integer, octetString, oid, sequence, time } from '../../../provider/plugin/der';

const hex = (bytes: Buffer) => bytes.toString('hex');

describe('DER', () => {
  test('lengths take one byte up to 127, two up to 255, three beyond', () => {
    const header = (length: number) => hex(octetString(Buffer.alloc(length)).subarray(0, 4));
    expect(header(127)).toBe('047f0000');
    expect(header(128)).toBe('04818000');
    expect(header(255)).toBe('0481ff00');
    expect(header(256)).toBe('04820100');
    expect(header(65535)).toBe('0482ffff');
  });

  test('content that is longer than two length bytes can say is refused', () => {
    expect(() => octetString(Buffer.alloc(65536))).toThrow('65536');
  });

  test('integers stay positive', () => {
    expect(hex(integer(Buffer.from('7f', 'hex')))).toBe('02017f');
    expect(hex(integer(Buffer.from('80', 'hex')))).toBe('02020080');
  });

  test('object identifiers are written in base 128', () => {
    expect(hex(oid('1.2.840.10045.4.3.2'))).toBe('06082a8648ce3d040302');
    expect(hex(oid('2.5.29.19'))).toBe('0603551d13');
  });

  test('bits say how many of the last byte do not count', () => {
    expect(hex(bitString(Buffer.from('84', 'hex'), 2))).toBe('03020284');
  });

  test('nested values are as long as what they hold', () => {
    expect(hex(sequence(boolean(true), context(2, Buffer.from('a'), false)))).toBe('30060101ff820161');
    expect(hex(context(3, boolean(false), true))).toBe('a303010100');
  });

  test('times are UTCTime until 2049 and GeneralizedTime after', () => {
    expect(time(new Date('2049-12-31T23:59:59Z')).toString('latin1')).toBe('\x17\x0d491231235959Z');
    expect(time(new Date('2050-01-01T00:00:00Z')).toString('latin1')).toBe('\x18\x0f20500101000000Z');
  });
});

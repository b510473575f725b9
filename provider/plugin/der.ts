/** Just enough DER (X.690) to write one certificate: node:crypto signs, but writes no certificates. */

/** One tag, its length and its content. */
function tagged(tag: number, ...content: Uint8Array[]): Buffer {
  const body = Buffer.concat(content);
  return Buffer.concat([Buffer.from([tag]), length(body.length), body]);
}

function length(n: number): Buffer {
  if (n < 0x80) return Buffer.from([n]);
  if (n < 0x100) return Buffer.from([0x81, n]);
  if (n < 0x10000) return Buffer.from([0x82, n >> 8, n & 0xff]);
  throw new RangeError(`${n} bytes are more than the 65535 of any certificate written here`);
}

export const sequence = (...content: Uint8Array[]): Buffer => tagged(0x30, ...content);
export const setOf = (...content: Uint8Array[]): Buffer => tagged(0x31, ...content);
export const octetString = (content: Uint8Array): Buffer => tagged(0x04, content);
export const boolean = (value: boolean): Buffer => tagged(0x01, Buffer.from([value ? 0xff : 0]));
export const utf8String = (text: string): Buffer => tagged(0x0c, Buffer.from(text));
/** Context-specific: `constructed` holds other values, else the content is raw (IMPLICIT). */
export const context = (n: number, content: Uint8Array, constructed: boolean): Buffer =>
  tagged((constructed ? 0xa0 : 0x80) | n, content);

/** A non-negative integer from its big-endian bytes, of which the first is not zero. */
export function integer(bytes: Uint8Array): Buffer {
  const negative = (bytes[0] ?? 0) >= 0x80;
  return tagged(0x02, negative ? Buffer.concat([Buffer.from([0]), bytes]) : bytes);
}

/** Bits in whole bytes, of which the last `unused` bits of the last byte do not count. */
export const bitString = (bytes: Uint8Array, unused = 0): Buffer => tagged(0x03, Buffer.from([unused]), bytes);

export function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  return tagged(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
}

function base128(n: number): number[] {
  const bytes = [n & 0x7f];
  for (let rest = n >> 7; rest > 0; rest >>= 7) bytes.unshift((rest & 0x7f) | 0x80);
  return bytes;
}

/** UTCTime until 2049, GeneralizedTime from 2050 on, as RFC 5280 section 4.1.2.5 asks. */
export function time(date: Date): Buffer {
  const digits = `${date.toISOString().replace(/[-:T]/g, '').slice(0, 14)}Z`;
  return date.getUTCFullYear() < 2050 ? tagged(0x17, Buffer.from(digits.slice(2))) : tagged(0x18, Buffer.from(digits));
}

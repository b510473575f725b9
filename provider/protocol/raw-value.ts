import { type AttributeType, kindOfType } from '../framework/type';
import { UNKNOWN, type Value } from '../framework/value';
import { InvalidRequestError } from './invalid-request';

/**
 * Between the framework's values and what MessagePack (or JSON) holds. The
 * type decides: a number may arrive as a text, and leaves as one where a
 * double would lose digits.
 */

/**
 * @param raw what was unpacked
 * @param where path of the value, for the error; never the value itself, which may be a secret
 * @throws InvalidRequestError if it is not of the type
 */
export function fromRaw(raw: unknown, type: AttributeType, where: string): Value {
  if (raw === null || raw === UNKNOWN) return raw as Value;
  if (type === 'string' && typeof raw === 'string') return raw;
  if (type === 'bool' && typeof raw === 'boolean') return raw;
  if (type === 'number') return numberFromRaw(raw, where);
  if (typeof type === 'object') {
    if (Array.isArray(raw)) {
      const element = elementOf(type);
      if (element) return raw.map((item, index) => fromRaw(item, element, `${where}[${index}]`));
    } else if (isKeyed(raw)) {
      if ('map' in type) {
        const value = type.map;
        return Object.fromEntries(
          Object.entries(raw).map(([key, item]) => [key, fromRaw(item, value, `an element of ${where}`)]),
        );
      }
      if ('object' in type) return objectFromRaw(raw, type.object, where);
    }
  }
  throw new InvalidRequestError(`${where} is not a ${kindOfType(type)}.`);
}

/**
 * @param value a value of the type; an attribute that an object lacks is written as null
 * @throws TypeError if it is not of the type: a fault of the provider
 */
export function toRaw(value: Value, type: AttributeType, where: string): unknown {
  if (value === null || value === UNKNOWN) return value;
  if (type === 'string' && typeof value === 'string') return wellFormed(value);
  if (type === 'bool' && typeof value === 'boolean') return value;
  if (type === 'number') return numberToRaw(value, where);
  if (typeof type === 'object' && typeof value === 'object') {
    if (Array.isArray(value)) {
      const element = elementOf(type);
      if (element) return value.map((item, index) => toRaw(item, element, `${where}[${index}]`));
    } else if ('map' in type) {
      const own = type.map;
      return Object.fromEntries(
        Object.entries(value).map(([key, item]) => [key, toRaw(item, own, `an element of ${where}`)]),
      );
    } else if ('object' in type) return objectToRaw(value, type.object, where);
  }
  throw new TypeError(`${where} is not a ${kindOfType(type)}`);
}

type Attributes = Readonly<Record<string, AttributeType>>;

function objectFromRaw(raw: Record<string, unknown>, attributes: Attributes, where: string): Value {
  const stranger = Object.keys(raw).find((name) => !Object.hasOwn(attributes, name));
  if (stranger !== undefined) throw new InvalidRequestError(`${where} has no attribute "${stranger}".`);
  return Object.fromEntries(
    Object.entries(attributes).map(([name, type]) => [name, fromRaw(raw[name] ?? null, type, `${where}.${name}`)]),
  );
}

function objectToRaw(value: { [name: string]: Value }, attributes: Attributes, where: string): unknown {
  const stranger = Object.keys(value).find((name) => !Object.hasOwn(attributes, name));
  if (stranger !== undefined) throw new TypeError(`${where} has no attribute "${stranger}"`);
  return Object.fromEntries(
    Object.entries(attributes).map(([name, type]) => [name, toRaw(value[name] ?? null, type, `${where}.${name}`)]),
  );
}

/** Fractions arrive as texts ("0.1"), whole numbers beyond 64 bits as texts or doubles. */
function numberFromRaw(raw: unknown, where: string): Value {
  if (typeof raw === 'string') {
    if (/^-?\d+$/.test(raw)) return compact(BigInt(raw));
    const number = Number(raw);
    // A decimal that no double holds exactly as written stays a text.
    if (Number.isFinite(number) && raw.trim() !== '') return String(number) === raw ? number : raw;
  }
  if (typeof raw === 'bigint') return compact(raw);
  if (typeof raw === 'number' && Number.isFinite(raw)) return Number.isInteger(raw) ? compact(BigInt(raw)) : raw;
  throw new InvalidRequestError(`${where} is not a number.`);
}

const INT64_MIN = -(2n ** 63n);
const INT64_MAX = 2n ** 63n - 1n;

function numberToRaw(value: Value, where: string): unknown {
  if (typeof value === 'bigint') return value >= INT64_MIN && value <= INT64_MAX ? value : value.toString();
  if (typeof value === 'number' && Number.isFinite(value)) {
    if (Number.isSafeInteger(value)) return value;
    // As text: Terraform reads a double 0.1 as 0.1000000000000000055…, another number than was configured.
    return Number.isInteger(value) ? numberToRaw(BigInt(value), where) : String(value);
  }
  if (typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value))) return value;
  throw new TypeError(`${where} is not a number`);
}

/** A whole number as a `number` wherever that is exact. */
function compact(whole: bigint): number | bigint {
  const number = Number(whole);
  return Number.isSafeInteger(number) ? number : whole;
}

function elementOf(type: Exclude<AttributeType, string>): AttributeType | undefined {
  return 'list' in type ? type.list : 'set' in type ? type.set : undefined;
}

function isKeyed(raw: unknown): raw is Record<string, unknown> {
  return typeof raw === 'object' && raw !== null && !(raw instanceof Uint8Array);
}

/** Half a surrogate pair, which no UTF-8 has and Terraform does not take, becomes U+FFFD. */
function wellFormed(text: string): string {
  return /\p{Surrogate}/u.test(text) ? Buffer.from(text).toString() : text;
}

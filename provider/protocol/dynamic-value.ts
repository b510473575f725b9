import { Decoder, Encoder, ExtData, type ExtensionCodecType } from '@msgpack/msgpack';
import { refusal } from '../framework/diagnostic';
import { type Attributes, objectType } from '../framework/schema';
import type { AttributeType } from '../framework/type';
import { type ObjectValue, UNKNOWN, type Value } from '../framework/value';
import type { DynamicValue } from './generated/tfplugin6';
import { InvalidRequestError } from './invalid-request';
import { fromRaw, toRaw } from './raw-value';

/** Extension 0 means unknown; any other (12: unknown, but known to be…) is read as unknown too. */
const unknowns: ExtensionCodecType<undefined> = {
  tryToEncode: (value) => (value === UNKNOWN ? new ExtData(0, Uint8Array.of(0)) : null),
  decode: () => UNKNOWN,
};
const encoder = new Encoder({ extensionCodec: unknowns, useBigInt64: true });
const decoder = new Decoder({ extensionCodec: unknowns, useBigInt64: true });

/** What has attributes: a schema, an identity. */
interface WithAttributes {
  readonly attributes: Attributes;
}

/**
 * The object that a request carries; null where it carries none (no prior
 * state, a deletion).
 *
 * @param field its name in the request, for the error
 * @throws InvalidRequestError if it is not of the schema
 * @throws DiagnosticError if it has a key that no value can have here
 */
export function objectFromWire(
  { attributes }: WithAttributes,
  value: DynamicValue | undefined,
  field: string,
): ObjectValue | null {
  const raw = valueFromWire(objectType(attributes), value, field);
  if (raw === UNKNOWN) throw new InvalidRequestError(`${field} is unknown as a whole.`);
  return raw as ObjectValue | null;
}

/** As `objectFromWire`, where a request always carries one. */
export function presentFromWire(schema: WithAttributes, value: DynamicValue | undefined, field: string): ObjectValue {
  const object = objectFromWire(schema, value, field);
  if (object === null) throw new InvalidRequestError(`${field} is missing.`);
  return object;
}

/** Every attribute of the schema is written, null included; Terraform refuses an object that lacks one. */
export function objectToWire({ attributes }: WithAttributes, object: ObjectValue | null): DynamicValue {
  return valueToWire(objectType(attributes), object);
}

/** One value of a type; null where there is none. */
export function valueFromWire(type: AttributeType, value: DynamicValue | undefined, field: string): Value {
  return fromRaw(unpacked(value, field), type, field);
}

export function valueToWire(type: AttributeType, value: Value): DynamicValue {
  return { msgpack: encoder.encode(toRaw(value, type, 'value')), json: new Uint8Array() };
}

function unpacked(value: DynamicValue | undefined, field: string): unknown {
  if (value === undefined) return null;
  try {
    if (value.msgpack.length > 0) return decoder.decode(value.msgpack);
    return value.json.length > 0 ? JSON.parse(Buffer.from(value.json).toString()) : null;
  } catch {
    if (hasForbiddenKey(value.msgpack)) throw forbiddenKey(field);
    throw new InvalidRequestError(`${field} is neither MessagePack nor JSON.`);
  }
}

/** `__proto__` as MessagePack writes a text of nine bytes: the one key that its library reads into no object. */
const FORBIDDEN = Buffer.from('\xa9__proto__', 'latin1');

function hasForbiddenKey(msgpack: Uint8Array): boolean {
  return Buffer.from(msgpack.buffer, msgpack.byteOffset, msgpack.length).includes(FORBIDDEN);
}

/** A user can write it, as the key of a map, and is told so in the words of Terraform. */
function forbiddenKey(field: string) {
  return refusal(
    'Unusable key "__proto__"',
    `A map in the ${field.replaceAll('_', ' ')} has the key "__proto__", which this provider cannot hold. Use another key.`,
  );
}

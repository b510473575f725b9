import { Decoder, Encoder, ExtData, type ExtensionCodecType } from '@msgpack/msgpack';
import type { Schema } from '../framework/schema';
import type { AttributeType } from '../framework/type';
import { type ObjectValue, UNKNOWN } from '../framework/value';
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

/**
 * The object that a request carries; null where it carries none (no prior
 * state, a deletion).
 *
 * @param field its name in the request, for the error
 * @throws InvalidRequestError if it is not of the schema
 */
export function objectFromWire(schema: Schema, value: DynamicValue | undefined, field: string): ObjectValue | null {
  const raw = fromRaw(unpacked(value, field), objectType(schema), field);
  if (raw === UNKNOWN) throw new InvalidRequestError(`${field} is unknown as a whole.`);
  return raw as ObjectValue | null;
}

/** As `objectFromWire`, where a request always carries one. */
export function presentFromWire(schema: Schema, value: DynamicValue | undefined, field: string): ObjectValue {
  const object = objectFromWire(schema, value, field);
  if (object === null) throw new InvalidRequestError(`${field} is missing.`);
  return object;
}

/** Every attribute of the schema is written, null included; Terraform refuses an object that lacks one. */
export function objectToWire(schema: Schema, object: ObjectValue | null): DynamicValue {
  return { msgpack: encoder.encode(toRaw(object, objectType(schema), 'value')), json: new Uint8Array() };
}

function unpacked(value: DynamicValue | undefined, field: string): unknown {
  if (value === undefined) return null;
  try {
    if (value.msgpack.length > 0) return decoder.decode(value.msgpack);
    return value.json.length > 0 ? JSON.parse(Buffer.from(value.json).toString()) : null;
  } catch {
    throw new InvalidRequestError(`${field} is neither MessagePack nor JSON, or has a key "__proto__".`);
  }
}

/** Schemas are made once and read for every value: a refresh of a thousand resources reads and writes six thousand. */
const objectTypes = new WeakMap<Schema, AttributeType>();

function objectType(schema: Schema): AttributeType {
  let type = objectTypes.get(schema);
  if (type === undefined) {
    type = { object: Object.fromEntries(Object.entries(schema.attributes).map(([name, own]) => [name, own.type])) };
    objectTypes.set(schema, type);
  }
  return type;
}

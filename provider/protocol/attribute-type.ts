import type { AttributeType } from '../framework/type';

/** A type as Terraform writes types in JSON: `"string"`, `["map","string"]`, `["object",{"a":"bool"}]`. */
export function typeToJson(type: AttributeType): unknown {
  if (typeof type === 'string') return type;
  if ('list' in type) return ['list', typeToJson(type.list)];
  if ('set' in type) return ['set', typeToJson(type.set)];
  if ('map' in type) return ['map', typeToJson(type.map)];
  const attributes = Object.entries(type.object).map(([name, own]) => [name, typeToJson(own)]);
  return ['object', Object.fromEntries(attributes)];
}

export function typeToWire(type: AttributeType): Uint8Array {
  return Buffer.from(JSON.stringify(typeToJson(type)));
}

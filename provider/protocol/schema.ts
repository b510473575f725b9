import type { Schema } from '../framework/schema';
import { typeToJson } from './attribute-type';
import { StringKind, type Schema as WireSchema } from './generated/tfplugin6';

export function schemaToWire({ version, description, attributes }: Schema): WireSchema {
  return {
    version,
    block: {
      version,
      attributes: Object.entries(attributes).map(([name, attribute]) => ({
        name,
        type: Buffer.from(JSON.stringify(typeToJson(attribute.type))),
        description: attribute.description,
        required: attribute.required ?? false,
        optional: attribute.optional ?? false,
        computed: attribute.computed ?? false,
        sensitive: attribute.sensitive ?? false,
        descriptionKind: StringKind.MARKDOWN,
      })),
      description,
      descriptionKind: StringKind.MARKDOWN,
    },
  };
}

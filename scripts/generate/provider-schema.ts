/** The provider's schema as `terraform providers schema -json` prints it, without running either of them. */
import type { AttributeSchema, AttributeType, Schema } from '../../provider/framework';
import { createProviderServer } from '../../provider/resources';

const ADDRESS = 'registry.terraform.io/ksm-iac/ksm';

/** The input of the bindings' and the documentation's generators; a test holds it equal to Terraform's own. */
export function providerSchemaJson() {
  const ignore = () => {};
  const log = { trace: ignore, debug: ignore, info: ignore, warn: ignore, error: ignore };
  const server = createProviderServer({ version: '0.0.0', log });
  const resources = Object.entries(server.resourceSchemas()).sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    format_version: '1.0',
    provider_schemas: {
      [ADDRESS]: {
        provider: schemaJson(server.providerSchema()),
        resource_schemas: Object.fromEntries(resources.map(([name, schema]) => [name, schemaJson(schema)])),
      },
    },
  };
}

function schemaJson({ version, description, attributes }: Schema) {
  const sorted = Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    version,
    block: {
      attributes: Object.fromEntries(sorted.map(([name, attribute]) => [name, attributeJson(attribute)])),
      description,
      description_kind: 'markdown',
    },
  };
}

/** Terraform leaves out what is false. */
function attributeJson({ type, description, required, optional, computed, sensitive }: AttributeSchema) {
  return {
    type: typeJson(type),
    description,
    description_kind: 'markdown',
    ...(required ? { required } : {}),
    ...(optional ? { optional } : {}),
    ...(computed ? { computed } : {}),
    ...(sensitive ? { sensitive } : {}),
  };
}

/** `"string"`, `["map","string"]`, `["object",{"a":"bool"}]`. */
function typeJson(type: AttributeType): unknown {
  if (typeof type === 'string') return type;
  if ('list' in type) return ['list', typeJson(type.list)];
  if ('set' in type) return ['set', typeJson(type.set)];
  if ('map' in type) return ['map', typeJson(type.map)];
  return ['object', Object.fromEntries(Object.entries(type.object).map(([name, inner]) => [name, typeJson(inner)]))];
}

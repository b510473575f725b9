/** The provider's schema as `terraform providers schema -json` prints it, without running either of them. */
import {
  type AttributeSchema,
  type Attributes,
  type AttributeType,
  type FunctionDefinition,
  type FunctionParameter,
  type IdentityDefinition,
  isNested,
  type NestedType,
  type ProviderServer,
  type Schema,
} from '../../provider/framework';
import { createProviderServer } from '../../provider/resources';

const ADDRESS = 'registry.terraform.io/ksm-iac/ksm';

/** The input of the bindings' and the documentation's generators; a test holds it equal to Terraform's own. */
export function providerSchemaJson() {
  const ignore = () => {};
  const log = { trace: ignore, debug: ignore, info: ignore, warn: ignore, error: ignore };
  return schemaJsonOf(createProviderServer({ version: '0.0.0', log }));
}

/** Of any provider of the framework. Terraform leaves out the kinds of which there is nothing. */
export function schemaJsonOf({ schemas }: ProviderServer) {
  return {
    format_version: '1.0',
    provider_schemas: {
      [ADDRESS]: {
        provider: schemaJson(schemas.provider),
        resource_schemas: sorted(schemas.managed, schemaJson),
        ...named('data_source_schemas', sorted(schemas.data, schemaJson)),
        ...named('ephemeral_resource_schemas', sorted(schemas.ephemeral, schemaJson)),
        ...named('list_resource_schemas', sorted(schemas.list, schemaJson)),
        ...named('functions', sorted(schemas.functions, functionJson)),
        ...named('resource_identity_schemas', sorted(schemas.identities, identityJson)),
      },
    },
  };
}

function named<K extends string, T>(name: K, all: Record<string, T>): { readonly [key in K]?: Record<string, T> } {
  return (Object.keys(all).length > 0 ? { [name]: all } : {}) as { readonly [key in K]?: Record<string, T> };
}

function sorted<T, R>(all: Readonly<Record<string, T>>, convert: (own: T) => R): Record<string, R> {
  const entries = Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([name, own]) => [name, convert(own)]));
}

function schemaJson({ version, description, deprecated, attributes }: Schema) {
  return {
    version,
    block: {
      attributes: attributesJson(attributes),
      description,
      description_kind: 'markdown',
      ...(deprecated ? { deprecated: true } : {}),
    },
  };
}

function attributesJson(attributes: Attributes): Record<string, AttributeJson> {
  return sorted(attributes, attributeJson);
}

export type AttributeJson = {
  readonly type?: unknown;
  readonly nested_type?: {
    readonly attributes: Record<string, AttributeJson>;
    readonly nesting_mode: NestedType['nesting'];
  };
  readonly description: string;
  readonly description_kind: string;
} & { readonly [flag in 'required' | 'optional' | 'computed' | 'sensitive' | 'deprecated' | 'write_only']?: true };

/** Terraform leaves out what is false. */
function attributeJson({
  type,
  description,
  required,
  optional,
  computed,
  sensitive,
  ...rest
}: AttributeSchema): AttributeJson {
  return {
    ...(isNested(type)
      ? { nested_type: { attributes: attributesJson(type.attributes), nesting_mode: type.nesting } }
      : { type: typeJson(type) }),
    description,
    description_kind: 'markdown',
    ...flag('required', required),
    ...flag('optional', optional),
    ...flag('computed', computed),
    ...flag('sensitive', sensitive),
    ...flag('deprecated', rest.deprecated !== undefined),
    ...flag('write_only', rest.writeOnly),
  };
}

function flag<K extends string>(name: K, set: boolean | undefined): { readonly [key in K]?: true } {
  return (set ? { [name]: true } : {}) as { readonly [key in K]?: true };
}

function functionJson({ summary, description, deprecated, parameters, variadic, returns }: FunctionDefinition) {
  return {
    description,
    summary,
    ...(deprecated ? { deprecation_message: deprecated } : {}),
    return_type: typeJson(returns),
    ...(parameters.length > 0 ? { parameters: parameters.map(parameterJson) } : {}),
    ...(variadic ? { variadic_parameter: parameterJson(variadic) } : {}),
  };
}

function parameterJson({ name, description, type, nullable }: FunctionParameter) {
  return { name, description, type: typeJson(type), ...(nullable ? { is_nullable: true } : {}) };
}

function identityJson({ version, attributes }: IdentityDefinition) {
  return {
    version,
    attributes: sorted(attributes, ({ type, description, importing }) => ({
      type: typeJson(type),
      description,
      ...(importing === 'required' ? { required_for_import: true } : { optional_for_import: true }),
    })),
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

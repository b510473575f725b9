import type { FunctionDefinition, FunctionParameter } from '../framework/function';
import type { IdentityDefinition } from '../framework/identity';
import { type AttributeSchema, type Attributes, isNested, type NestedType, type Schema } from '../framework/schema';
import { typeToWire } from './attribute-type';
import {
  Schema_Object_NestingMode as NestingMode,
  type ResourceIdentitySchema,
  StringKind,
  type Schema_Attribute as WireAttribute,
  type FunctionMessage as WireFunction,
  type Schema_Object as WireObject,
  type Function_Parameter as WireParameter,
  type Schema as WireSchema,
} from './generated/tfplugin6';

export function schemaToWire({ version, description, deprecated, attributes }: Schema): WireSchema {
  return {
    version,
    block: {
      version,
      attributes: attributesToWire(attributes),
      blockTypes: [],
      description,
      descriptionKind: StringKind.MARKDOWN,
      deprecated: deprecated !== undefined,
      deprecationMessage: deprecated ?? '',
      computed: false,
    },
  };
}

function attributesToWire(attributes: Attributes): WireAttribute[] {
  return Object.entries(attributes).map(([name, attribute]) => attributeToWire(name, attribute));
}

function attributeToWire(name: string, attribute: AttributeSchema): WireAttribute {
  const { type, description, deprecated } = attribute;
  return {
    name,
    type: isNested(type) ? new Uint8Array() : typeToWire(type),
    nestedType: isNested(type) ? nestedToWire(type) : undefined,
    description,
    required: attribute.required ?? false,
    optional: attribute.optional ?? false,
    computed: attribute.computed ?? false,
    sensitive: attribute.sensitive ?? false,
    writeOnly: attribute.writeOnly ?? false,
    descriptionKind: StringKind.MARKDOWN,
    deprecated: deprecated !== undefined,
    deprecationMessage: deprecated ?? '',
  };
}

const NESTING = {
  single: NestingMode.SINGLE,
  list: NestingMode.LIST,
  set: NestingMode.SET,
  map: NestingMode.MAP,
} as const;

function nestedToWire({ nesting, attributes }: NestedType): WireObject {
  return { attributes: attributesToWire(attributes), nesting: NESTING[nesting], minItems: 0, maxItems: 0 };
}

export function identityToWire({ version, attributes }: IdentityDefinition): ResourceIdentitySchema {
  return {
    version,
    identityAttributes: Object.entries(attributes).map(([name, { type, description, importing }]) => ({
      name,
      type: typeToWire(type),
      requiredForImport: importing === 'required',
      optionalForImport: importing === 'optional',
      description,
    })),
  };
}

export function functionToWire(definition: FunctionDefinition): WireFunction {
  const { parameters, variadic, returns, summary, description, deprecated = '' } = definition;
  return {
    parameters: parameters.map(parameterToWire),
    variadicParameter: variadic && parameterToWire(variadic),
    return: { type: typeToWire(returns) },
    summary,
    description,
    descriptionKind: StringKind.MARKDOWN,
    deprecationMessage: deprecated,
  };
}

function parameterToWire({ name, type, description, nullable = false }: FunctionParameter): WireParameter {
  return {
    name,
    type: typeToWire(type),
    allowNullValue: nullable,
    // A function of ours runs once all that it is given is known.
    allowUnknownValues: false,
    description,
    descriptionKind: StringKind.MARKDOWN,
  };
}

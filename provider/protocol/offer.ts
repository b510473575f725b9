/** What a provider has, as the four calls tell it that ask for that. */
import type { ProviderSchemas, ProviderServer } from '../framework/server';
import type * as wire from './generated/tfplugin6';
import type { Reply } from './method';
import { functionToWire, identityToWire, schemaToWire } from './schema';

function capabilities({ moves }: ProviderSchemas): wire.ServerCapabilities {
  return {
    // Deletions need no plan of ours.
    planDestroy: false,
    // The schema is asked for once a command, and not once a process.
    getProviderSchemaOptional: true,
    moveResourceState: moves,
    generateResourceConfig: true,
  };
}

export function metadata({ schemas }: ProviderServer): Reply<wire.GetMetadata_Response> {
  const namesOf = (own: object) => Object.keys(own).map((typeName) => ({ typeName }));
  return {
    serverCapabilities: capabilities(schemas),
    resources: namesOf(schemas.managed),
    dataSources: namesOf(schemas.data),
    ephemeralResources: namesOf(schemas.ephemeral),
    listResources: namesOf(schemas.list),
    functions: Object.keys(schemas.functions).map((name) => ({ name })),
    stateStores: [],
    actions: [],
    diagnostics: [],
  };
}

export function providerSchema({ schemas }: ProviderServer): Reply<wire.GetProviderSchema_Response> {
  return {
    provider: schemaToWire(schemas.provider),
    resourceSchemas: mapped(schemas.managed, schemaToWire),
    dataSourceSchemas: mapped(schemas.data, schemaToWire),
    ephemeralResourceSchemas: mapped(schemas.ephemeral, schemaToWire),
    listResourceSchemas: mapped(schemas.list, schemaToWire),
    functions: mapped(schemas.functions, functionToWire),
    stateStoreSchemas: {},
    actionSchemas: {},
    serverCapabilities: capabilities(schemas),
    diagnostics: [],
  };
}

export function identitySchemas({ schemas }: ProviderServer): Reply<wire.GetResourceIdentitySchemas_Response> {
  return { identitySchemas: mapped(schemas.identities, identityToWire), diagnostics: [] };
}

export function functions({ schemas }: ProviderServer): Reply<wire.GetFunctions_Response> {
  return { functions: mapped(schemas.functions, functionToWire), diagnostics: [] };
}

function mapped<T, R>(from: Readonly<Record<string, T>>, convert: (own: T) => R): Record<string, R> {
  return Object.fromEntries(Object.entries(from).map(([name, own]) => [name, convert(own)]));
}

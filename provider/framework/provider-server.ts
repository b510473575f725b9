import { applyResource } from './apply-resource';
import { callFunction } from './call-function';
import { configureProvider } from './configure-provider';
import type { Diagnostic } from './diagnostic';
import { closeEphemeral, openEphemeral, renewEphemeral } from './ephemeral-calls';
import { explainFailure } from './failure';
import { generateConfig } from './generate-config';
import { importResource } from './import-resource';
import { type Known, register } from './known';
import { listResources } from './list-resources';
import type { Log } from './log';
import { moveResource } from './move-resource';
import { planResource } from './plan-resource';
import type { Action, ProviderDefinition, Session } from './provider';
import { readDataSource } from './read-data-source';
import { readResource } from './read-resource';
import type { Schema } from './schema';
import type { ProviderSchemas, ProviderServer } from './server';
import { closeSession, newServerState } from './server-state';
import { upgradeIdentity, upgradeResource } from './upgrade-resource';
import { validateConfig } from './validate-config';
import type { ObjectValue } from './value';

/** A provider made of its definition. Every call has a file of its own, named after it. */
export function createServer<S extends Session>(definition: ProviderDefinition<S>, log: Log): ProviderServer {
  const state = newServerState(definition, log);
  const managed = register('managed', definition.resources);
  const data = register('data', definition.dataSources);
  const ephemeral = register('ephemeral', definition.ephemeralResources);
  const list = register('list', definition.listResources);
  const find = { managed, data, ephemeral, list };
  const schemas = schemasOf(definition);

  /** What only a bug lets fail: an own check or conversion of the definition. */
  const guarded = <T>(
    action: Action,
    { subject }: Known<unknown>,
    work: () => T,
    failed: (found: readonly Diagnostic[]) => T,
  ): T => {
    try {
      return work();
    } catch (error) {
      return failed(explainFailure(state, error, { action, subject }));
    }
  };

  return {
    schemas,
    validateProviderConfig: async (config) => ({
      diagnostics: [...validateConfig(definition.schema, config), ...definition.validate(config)],
    }),
    configure: (request) => configureProvider(state, request),
    validate: async ({ kind, typeName, config, writeOnlyAllowed }) => {
      const known: Known<Validated> = find[kind](typeName);
      const { schema, validate } = known.definition;
      const problems = validateConfig(schema, config, { writeOnlyAllowed });
      const across = guarded(
        'validate',
        known,
        () => validate?.(config) ?? [],
        (found) => [...found],
      );
      return { diagnostics: [...problems, ...across] };
    },
    upgradeResource: async (request) => {
      const known = managed(request.typeName);
      return guarded(
        'upgrade',
        known,
        () => upgradeResource(known, request),
        (diagnostics) => ({ state: null, diagnostics }),
      );
    },
    upgradeIdentity: async (request) => upgradeIdentity(managed(request.typeName), request),
    readResource: async (request) => readResource(state, managed(request.typeName), request),
    planResource: async (request) => planResource(state, managed(request.typeName), request),
    applyResource: async (request) => applyResource(state, managed(request.typeName), request),
    importResource: async (request) => importResource(state, managed(request.typeName), request),
    moveResource: async (request) => moveResource(state, managed(request.typeName), request),
    generateConfig: async ({ typeName, state: stored }) => ({
      config: generateConfig(managed(typeName).definition.schema, stored),
      diagnostics: [],
    }),
    readDataSource: async (request) => readDataSource(state, data(request.typeName), request),
    openEphemeral: async (request) => openEphemeral(state, ephemeral(request.typeName), request),
    renewEphemeral: async (request) => renewEphemeral(state, ephemeral(request.typeName), request),
    closeEphemeral: async (request) => closeEphemeral(state, ephemeral(request.typeName), request),
    callFunction: async (request) => {
      const { functions } = schemas;
      const found = Object.hasOwn(functions, request.name) ? functions[request.name] : undefined;
      if (found) return callFunction(found, request, log);
      return { error: { text: `This version of the provider has no function "${request.name}".` } };
    },
    list: (request) => listResources(state, list(request.typeName), managed(request.typeName), request),
    stop: () => state.lifetime.stop(),
    shutdown: (ending = { lost: false }) => closeSession(state, ending.lost),
  };
}

interface Validated {
  readonly schema: Schema;
  validate?(config: ObjectValue): Diagnostic[];
}

function schemasOf<S extends Session>(definition: ProviderDefinition<S>): ProviderSchemas {
  const byName = (list: readonly { readonly typeName: string; readonly schema: Schema }[] = []) =>
    Object.fromEntries(list.map(({ typeName, schema }) => [typeName, schema]));
  const { resources, functions = [] } = definition;
  return {
    provider: definition.schema,
    managed: byName(resources),
    data: byName(definition.dataSources),
    ephemeral: byName(definition.ephemeralResources),
    list: byName(definition.listResources),
    functions: Object.fromEntries(functions.map((own) => [own.name, own])),
    identities: Object.fromEntries(
      resources.flatMap(({ typeName, identity }) => (identity ? [[typeName, identity] as const] : [])),
    ),
    moves: resources.some(({ move }) => move !== undefined),
  };
}

import { applyResource } from './apply-resource';
import { configureProvider } from './configure-provider';
import { importResource } from './import-resource';
import type { Log } from './log';
import { planResource } from './plan-resource';
import type { ProviderDefinition, Session } from './provider';
import { readResource } from './read-resource';
import type { ResourceDefinition } from './resource';
import type { ProviderServer } from './server';
import type { ServerState } from './server-state';
import { upgradeResource } from './upgrade-resource';
import { validateConfig } from './validate-config';

/** A provider made of its definition. Every call has a file of its own, named after it. */
export function createServer<S extends Session>(definition: ProviderDefinition<S>, log: Log): ProviderServer {
  const state: ServerState<S> = {
    definition,
    log,
    configured: { kind: 'not yet' },
    stopped: false,
    warnedUnknown: false,
  };
  const schemas = Object.fromEntries(definition.resources.map(({ typeName, schema }) => [typeName, schema]));
  const byName = new Map(definition.resources.map((resource) => [resource.typeName, resource]));
  const resourceOf = (typeName: string): ResourceDefinition<S> => {
    const resource = byName.get(typeName);
    if (!resource) throw new TypeError(`no resource type ${typeName} in this provider`);
    return resource;
  };

  return {
    providerSchema: () => definition.schema,
    resourceSchemas: () => schemas,
    validateProviderConfig: async (config) => ({
      diagnostics: [...validateConfig(definition.schema, config), ...definition.validate(config)],
    }),
    configure: async (request) => configureProvider(state, request),
    validateResource: async ({ typeName, config }) => ({
      diagnostics: validateConfig(resourceOf(typeName).schema, config),
    }),
    upgradeResource: async (request) => upgradeResource(resourceOf(request.typeName), request),
    readResource: (request) => readResource(state, resourceOf(request.typeName), request),
    planResource: (request) => planResource(state, resourceOf(request.typeName), request),
    applyResource: (request) => applyResource(state, resourceOf(request.typeName), request),
    importResource: (request) => importResource(state, resourceOf(request.typeName), request),
    stop: () => {
      state.stopped = true;
    },
    shutdown: async () => {
      if (state.configured.kind === 'ready') await state.configured.session.close();
    },
  };
}

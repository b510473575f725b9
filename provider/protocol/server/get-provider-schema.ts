import type { ProviderServer } from '../../framework/server';
import { GetProviderSchema_Request, GetProviderSchema_Response } from '../generated/tfplugin6';
import { method } from '../method';
import { schemaToWire } from '../schema';
import { CAPABILITIES } from './capabilities';

export const getProviderSchema = (server: ProviderServer) =>
  method(GetProviderSchema_Request, GetProviderSchema_Response, () => ({
    provider: schemaToWire(server.providerSchema()),
    resourceSchemas: Object.fromEntries(
      Object.entries(server.resourceSchemas()).map(([typeName, schema]) => [typeName, schemaToWire(schema)]),
    ),
    serverCapabilities: CAPABILITIES,
    diagnostics: [],
  }));

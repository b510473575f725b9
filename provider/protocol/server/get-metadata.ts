import type { ProviderServer } from '../../framework/server';
import { GetMetadata_Request, GetMetadata_Response } from '../generated/tfplugin6';
import { method } from '../method';
import { CAPABILITIES } from './capabilities';

export const getMetadata = (server: ProviderServer) =>
  method(GetMetadata_Request, GetMetadata_Response, () => ({
    serverCapabilities: CAPABILITIES,
    resources: Object.keys(server.resourceSchemas()).map((typeName) => ({ typeName })),
    diagnostics: [],
  }));

import type { ProviderServer } from '../../framework/server';
import { diagnosticsToWire } from '../diagnostics';
import { objectToWire } from '../dynamic-value';
import { ImportResourceState_Request, ImportResourceState_Response } from '../generated/tfplugin6';
import { refusableMethod } from '../method';
import { resourceSchema } from './resource-schema';

export const importResourceState = (server: ProviderServer) =>
  refusableMethod(ImportResourceState_Request, ImportResourceState_Response, async ({ typeName, id }) => {
    resourceSchema(server, typeName);
    const { resources, diagnostics } = await server.importResource({ typeName, id });
    return {
      importedResources: resources.map((imported) => ({
        typeName: imported.typeName,
        state: objectToWire(resourceSchema(server, imported.typeName), imported.state),
        private: imported.private,
      })),
      diagnostics: diagnosticsToWire(diagnostics),
    };
  });

import type { ProviderServer } from '../../framework/server';
import { diagnosticsToWire } from '../diagnostics';
import { objectToWire, presentFromWire } from '../dynamic-value';
import { ReadResource_Request, ReadResource_Response } from '../generated/tfplugin6';
import { refusableMethod } from '../method';
import { resourceSchema } from './resource-schema';

export const readResource = (server: ProviderServer) =>
  refusableMethod(ReadResource_Request, ReadResource_Response, async (request) => {
    const { typeName } = request;
    const schema = resourceSchema(server, typeName);
    const read = await server.readResource({
      typeName,
      state: presentFromWire(schema, request.currentState, 'current_state'),
      private: request.private,
    });
    return {
      newState: objectToWire(schema, read.state),
      private: read.private,
      diagnostics: diagnosticsToWire(read.diagnostics),
    };
  });

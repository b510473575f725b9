import type { ProviderServer } from '../../framework/server';
import { diagnosticsToWire } from '../diagnostics';
import { presentFromWire } from '../dynamic-value';
import { ValidateResourceConfig_Request, ValidateResourceConfig_Response } from '../generated/tfplugin6';
import { refusableMethod } from '../method';
import { resourceSchema } from './resource-schema';

export const validateResourceConfig = (server: ProviderServer) =>
  refusableMethod(ValidateResourceConfig_Request, ValidateResourceConfig_Response, async ({ typeName, config }) => {
    const schema = resourceSchema(server, typeName);
    const { diagnostics } = await server.validateResource({
      typeName,
      config: presentFromWire(schema, config, 'config'),
    });
    return { diagnostics: diagnosticsToWire(diagnostics) };
  });

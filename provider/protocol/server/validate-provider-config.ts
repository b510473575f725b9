import type { ProviderServer } from '../../framework/server';
import { diagnosticsToWire } from '../diagnostics';
import { presentFromWire } from '../dynamic-value';
import { ValidateProviderConfig_Request, ValidateProviderConfig_Response } from '../generated/tfplugin6';
import { method } from '../method';

export const validateProviderConfig = (server: ProviderServer) =>
  method(ValidateProviderConfig_Request, ValidateProviderConfig_Response, async (request) => {
    const config = presentFromWire(server.providerSchema(), request.config, 'config');
    const { diagnostics } = await server.validateProviderConfig(config);
    return { diagnostics: diagnosticsToWire(diagnostics) };
  });

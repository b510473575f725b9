import type { ProviderServer } from '../../framework/server';
import { diagnosticsToWire } from '../diagnostics';
import { presentFromWire } from '../dynamic-value';
import { ConfigureProvider_Request, ConfigureProvider_Response } from '../generated/tfplugin6';
import { method } from '../method';

export const configureProvider = (server: ProviderServer) =>
  method(ConfigureProvider_Request, ConfigureProvider_Response, async (request) => {
    const { diagnostics } = await server.configure({
      terraformVersion: request.terraformVersion,
      config: presentFromWire(server.providerSchema(), request.config, 'config'),
    });
    return { diagnostics: diagnosticsToWire(diagnostics) };
  });

import type { ProviderServer } from '../../framework/server';
import { StopProvider_Request, StopProvider_Response } from '../generated/tfplugin6';
import { method } from '../method';

/** Ctrl-C: what is in flight finishes, and nothing new is created. */
export const stopProvider = (server: ProviderServer) =>
  method(StopProvider_Request, StopProvider_Response, () => {
    server.stop();
    return { Error: '' };
  });

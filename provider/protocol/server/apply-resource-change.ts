import type { ProviderServer } from '../../framework/server';
import { diagnosticsToWire } from '../diagnostics';
import { objectFromWire, objectToWire } from '../dynamic-value';
import { ApplyResourceChange_Request, ApplyResourceChange_Response } from '../generated/tfplugin6';
import { refusableMethod } from '../method';
import { resourceSchema } from './resource-schema';

export const applyResourceChange = (server: ProviderServer) =>
  refusableMethod(ApplyResourceChange_Request, ApplyResourceChange_Response, async (request) => {
    const { typeName } = request;
    const schema = resourceSchema(server, typeName);
    const applied = await server.applyResource({
      typeName,
      prior: objectFromWire(schema, request.priorState, 'prior_state'),
      planned: objectFromWire(schema, request.plannedState, 'planned_state'),
      config: objectFromWire(schema, request.config, 'config'),
      private: request.plannedPrivate,
    });
    return {
      newState: objectToWire(schema, applied.state),
      private: applied.private,
      diagnostics: diagnosticsToWire(applied.diagnostics),
    };
  });

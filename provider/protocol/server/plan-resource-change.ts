import type { ProviderServer } from '../../framework/server';
import { pathToWire } from '../attribute-path';
import { diagnosticsToWire } from '../diagnostics';
import { objectFromWire, objectToWire } from '../dynamic-value';
import { PlanResourceChange_Request, PlanResourceChange_Response } from '../generated/tfplugin6';
import { refusableMethod } from '../method';
import { resourceSchema } from './resource-schema';

export const planResourceChange = (server: ProviderServer) =>
  refusableMethod(PlanResourceChange_Request, PlanResourceChange_Response, async (request) => {
    const { typeName } = request;
    const schema = resourceSchema(server, typeName);
    const plan = await server.planResource({
      typeName,
      prior: objectFromWire(schema, request.priorState, 'prior_state'),
      proposed: objectFromWire(schema, request.proposedNewState, 'proposed_new_state'),
      config: objectFromWire(schema, request.config, 'config'),
      private: request.priorPrivate,
    });
    return {
      plannedState: objectToWire(schema, plan.planned),
      requiresReplace: plan.requiresReplace.map(pathToWire),
      plannedPrivate: plan.private,
      diagnostics: diagnosticsToWire(plan.diagnostics),
    };
  });

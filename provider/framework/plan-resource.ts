import { type Diagnostic, warningDiagnostic } from './diagnostic';
import { explainFailure } from './failure';
import { planAttributes } from './plan-attributes';
import { decodePrivate, encodePrivate } from './private-state';
import type { Session } from './provider';
import type { ResourceDefinition } from './resource';
import type { PlanOutcome, PlanResourceRequest } from './server';
import type { ServerState } from './server-state';

const NEW = encodePrivate({ imported: false });

export async function planResource<S extends Session>(
  server: ServerState<S>,
  resource: ResourceDefinition<S>,
  { prior, proposed, config, private: bytes }: PlanResourceRequest,
): Promise<PlanOutcome> {
  if (!proposed) return { planned: null, requiresReplace: [], private: bytes, diagnostics: [] };
  try {
    const { imported } = decodePrivate(bytes);
    const plan = planAttributes(resource.schema, prior, config ?? proposed, imported);
    const warnings = plan.adopted.map((name) => adoptionWarning(resource.noun, name));
    // A replacement is planned again without the prior state, and then Terraform shows no warnings.
    const creates = !prior || plan.requiresReplace.length > 0;
    if (creates && resource.planWarnings && server.configured.kind === 'ready') {
      warnings.push(...(await resource.planWarnings({ planned: plan.planned, session: server.configured.session })));
    }
    return {
      planned: plan.planned,
      requiresReplace: plan.requiresReplace,
      private: prior ? bytes : NEW,
      diagnostics: warnings,
    };
  } catch (error) {
    const diagnostics = explainFailure(server, error, { action: 'plan', resource });
    return { planned: proposed, requiresReplace: [], private: bytes, diagnostics };
  }
}

function adoptionWarning(noun: string, name: string): Diagnostic {
  return warningDiagnostic(
    `"${name}" is taken over from the configuration`,
    `This ${noun} was imported, and a vault cannot report "${name}" as it was configured. The configured value is adopted without replacing anything; from the next change on it replaces.`,
    [name],
  );
}

import { type Diagnostic, warningDiagnostic } from './diagnostic';
import { explainFailure, failedCall } from './failure';
import { identityOf } from './identity';
import { deferred, idIn, inCall, type Known } from './known';
import type { AttributePath } from './path';
import { planAttributes } from './plan-attributes';
import { decodePrivate, encodePrivate } from './private-state';
import type { Session } from './provider';
import type { ResourceDefinition } from './resource';
import type { PlanOutcome, PlanResourceRequest } from './server';
import type { ServerState } from './server-state';

export function planResource<S extends Session>(
  server: ServerState<S>,
  { definition: resource, subject }: Known<ResourceDefinition<S>>,
  request: PlanResourceRequest,
): Promise<PlanOutcome> {
  const { prior, proposed, private: bytes } = request;
  return inCall(server, request, async (call) => {
    if (!proposed) return { planned: null, requiresReplace: [], private: bytes, diagnostics: [] };
    try {
      const before = decodePrivate(resource, subject, bytes);
      const config = request.config ?? proposed;
      const plan = planAttributes(resource.schema, prior, config, before.imported !== undefined);
      const creates = !prior || plan.requiresReplace.length > 0;
      const session = server.configured.kind === 'ready' ? server.configured.session : undefined;
      const own = prior ? before.own : undefined;
      const hook = { prior, config, planned: plan.planned, creates, private: own, session, call };
      const changes = (await resource.modifyPlan?.(hook)) ?? {};
      const planned = { ...plan.planned, ...changes.planned };
      const requiresReplace = [...plan.requiresReplace, ...(changes.requiresReplace ?? [])];
      return {
        planned,
        requiresReplace,
        private: encodePrivate({ imported: prior ? before.imported : undefined, own: changes.private ?? own }),
        // What is made has an identity once it is made.
        identity: prior && requiresReplace.length === 0 ? identityOf(resource.identity, prior) : null,
        diagnostics: [...plan.adopted.map((path) => adoptionWarning(resource.noun, path)), ...(changes.warnings ?? [])],
        deferred: deferred(server, request),
      };
    } catch (error) {
      const failed = failedCall({ action: 'plan', subject, id: idIn(prior) }, call);
      const diagnostics = explainFailure(server, error, failed);
      return { planned: proposed, requiresReplace: [], private: bytes, diagnostics };
    }
  });
}

function adoptionWarning(noun: string, path: AttributePath): Diagnostic {
  const name = path.filter((step) => typeof step === 'string').pop();
  return warningDiagnostic(
    `"${name}" is taken over from the configuration`,
    `This ${noun} was imported, and a vault cannot report "${name}" as it was configured. The configured value is adopted without replacing anything; from the next change on it replaces.`,
    path,
  );
}

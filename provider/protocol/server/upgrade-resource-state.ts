import { refusal } from '../../framework/diagnostic';
import type { ProviderServer } from '../../framework/server';
import { diagnosticsToWire } from '../diagnostics';
import { objectToWire } from '../dynamic-value';
import { type RawState, UpgradeResourceState_Request, UpgradeResourceState_Response } from '../generated/tfplugin6';
import { refusableMethod } from '../method';
import { resourceSchema } from './resource-schema';

export const upgradeResourceState = (server: ProviderServer) =>
  refusableMethod(UpgradeResourceState_Request, UpgradeResourceState_Response, async (request) => {
    const { typeName, version } = request;
    const schema = resourceSchema(server, typeName);
    const { state, diagnostics } = await server.upgradeResource({
      typeName,
      version,
      state: stored(typeName, request.rawState),
    });
    return { upgradedState: objectToWire(schema, state), diagnostics: diagnosticsToWire(diagnostics) };
  });

/** Whole numbers beyond 2^53 lose digits here, since Node 20 cannot parse them otherwise; no attribute has any. */
function stored(typeName: string, raw: RawState | undefined): unknown {
  try {
    return JSON.parse(Buffer.from(raw?.json ?? []).toString());
  } catch {
    throw refusal(
      'The state is damaged',
      `The state of a "${typeName}" is not JSON, as every Terraform since 0.12 writes it. Restore the state from a backup.`,
    );
  }
}

/**
 * Every call of `service Provider` in tfplugin6.proto that this provider
 * serves: its messages, and what it does, which is conversion alone. What is
 * not here (actions, state stores) is answered with UNIMPLEMENTED, and no
 * client asks for it, since neither metadata nor schema name any.
 */
import { schemaOf } from '../framework/known';
import type { ProviderServer, SchemaKind } from '../framework/server';
import { pathToWire } from './attribute-path';
import { objectFromWire, objectToWire, presentFromWire } from './dynamic-value';
import { callFunction } from './function';
import * as wire from './generated/tfplugin6';
import { identityFromWire, identityToWire } from './identity';
import { list } from './list';
import { type Served, streaming, unary } from './method';
import { functions, identitySchemas, metadata, providerSchema } from './offer';
import { stored } from './raw-state';

/** Says that the provider's configuration is unknown as yet. */
const deferral = (deferred: boolean | undefined) =>
  deferred ? { reason: wire.Deferred_Reason.PROVIDER_CONFIG_UNKNOWN } : undefined;
const deferrable = ({ clientCapabilities }: { clientCapabilities?: wire.ClientCapabilities | undefined }) => ({
  deferralAllowed: clientCapabilities?.deferralAllowed ?? false,
});

/** The four calls that check a configuration differ in the kind of thing alone. */
const validate = (kind: SchemaKind) => (server: ProviderServer, request: wire.ValidateResourceConfig_Request) => {
  const config = presentFromWire(schemaOf(server, kind, request.typeName), request.config, 'config');
  const writeOnlyAllowed = request.clientCapabilities?.writeOnlyAttributesAllowed;
  return server.validate({ kind, typeName: request.typeName, config, writeOnlyAllowed });
};

export const CALLS: Readonly<Record<string, Served>> = {
  GetMetadata: unary(wire.GetMetadata_Request, wire.GetMetadata_Response, metadata),
  GetProviderSchema: unary(wire.GetProviderSchema_Request, wire.GetProviderSchema_Response, providerSchema),
  GetResourceIdentitySchemas: unary(
    wire.GetResourceIdentitySchemas_Request,
    wire.GetResourceIdentitySchemas_Response,
    identitySchemas,
  ),
  GetFunctions: unary(wire.GetFunctions_Request, wire.GetFunctions_Response, functions),

  ValidateProviderConfig: unary(
    wire.ValidateProviderConfig_Request,
    wire.ValidateProviderConfig_Response,
    (server, { config }) => server.validateProviderConfig(presentFromWire(server.schemas.provider, config, 'config')),
  ),
  ConfigureProvider: unary(
    wire.ConfigureProvider_Request,
    wire.ConfigureProvider_Response,
    (server, { terraformVersion, config }) =>
      server.configure({ terraformVersion, config: presentFromWire(server.schemas.provider, config, 'config') }),
  ),
  StopProvider: unary(wire.StopProvider_Request, wire.StopProvider_Response, (server) => {
    server.stop();
    return { Error: '' };
  }),

  ValidateResourceConfig: unary(
    wire.ValidateResourceConfig_Request,
    wire.ValidateResourceConfig_Response,
    validate('managed'),
  ),
  ValidateDataResourceConfig: unary(
    wire.ValidateDataResourceConfig_Request,
    wire.ValidateDataResourceConfig_Response,
    validate('data'),
  ),
  ValidateEphemeralResourceConfig: unary(
    wire.ValidateEphemeralResourceConfig_Request,
    wire.ValidateEphemeralResourceConfig_Response,
    validate('ephemeral'),
  ),
  ValidateListResourceConfig: unary(
    wire.ValidateListResourceConfig_Request,
    wire.ValidateListResourceConfig_Response,
    validate('list'),
  ),

  UpgradeResourceState: unary(
    wire.UpgradeResourceState_Request,
    wire.UpgradeResourceState_Response,
    async (server, { typeName, version, rawState }) => {
      const schema = schemaOf(server, 'managed', typeName);
      const request = { typeName, version, state: stored(typeName, rawState) };
      const { state, diagnostics } = await server.upgradeResource(request);
      return { upgradedState: objectToWire(schema, state), diagnostics };
    },
  ),
  UpgradeResourceIdentity: unary(
    wire.UpgradeResourceIdentity_Request,
    wire.UpgradeResourceIdentity_Response,
    async (server, { typeName, version, rawIdentity }) => {
      schemaOf(server, 'managed', typeName);
      const request = { typeName, version, identity: stored(typeName, rawIdentity) };
      const { identity, diagnostics } = await server.upgradeIdentity(request);
      return { upgradedIdentity: identityToWire(server, typeName, identity), diagnostics };
    },
  ),
  ReadResource: unary(
    wire.ReadResource_Request,
    wire.ReadResource_Response,
    async (server, { typeName, ...request }, { signal }) => {
      const schema = schemaOf(server, 'managed', typeName);
      const read = await server.readResource({
        typeName,
        state: presentFromWire(schema, request.currentState, 'current_state'),
        private: request.private,
        ...deferrable(request),
        signal,
      });
      return {
        newState: objectToWire(schema, read.state),
        private: read.private,
        newIdentity: identityToWire(server, typeName, read.identity),
        deferred: deferral(read.deferred),
        diagnostics: read.diagnostics,
      };
    },
  ),
  PlanResourceChange: unary(
    wire.PlanResourceChange_Request,
    wire.PlanResourceChange_Response,
    async (server, { typeName, ...request }, { signal }) => {
      const schema = schemaOf(server, 'managed', typeName);
      const plan = await server.planResource({
        typeName,
        prior: objectFromWire(schema, request.priorState, 'prior_state'),
        proposed: objectFromWire(schema, request.proposedNewState, 'proposed_new_state'),
        config: objectFromWire(schema, request.config, 'config'),
        private: request.priorPrivate,
        ...deferrable(request),
        signal,
      });
      return {
        plannedState: objectToWire(schema, plan.planned),
        requiresReplace: plan.requiresReplace.map(pathToWire),
        plannedPrivate: plan.private,
        plannedIdentity: identityToWire(server, typeName, plan.identity),
        legacyTypeSystem: false,
        deferred: deferral(plan.deferred),
        diagnostics: plan.diagnostics,
      };
    },
  ),
  ApplyResourceChange: unary(
    wire.ApplyResourceChange_Request,
    wire.ApplyResourceChange_Response,
    async (server, { typeName, ...request }, { signal }) => {
      const schema = schemaOf(server, 'managed', typeName);
      const applied = await server.applyResource({
        typeName,
        prior: objectFromWire(schema, request.priorState, 'prior_state'),
        planned: objectFromWire(schema, request.plannedState, 'planned_state'),
        config: objectFromWire(schema, request.config, 'config'),
        private: request.plannedPrivate,
        signal,
      });
      return {
        newState: objectToWire(schema, applied.state),
        private: applied.private,
        newIdentity: identityToWire(server, typeName, applied.identity),
        legacyTypeSystem: false,
        diagnostics: applied.diagnostics,
      };
    },
  ),
  ImportResourceState: unary(
    wire.ImportResourceState_Request,
    wire.ImportResourceState_Response,
    async (server, { typeName, id, ...request }, { signal }) => {
      const schema = schemaOf(server, 'managed', typeName);
      const identity = identityFromWire(server, typeName, request.identity);
      const imported = await server.importResource({ typeName, id, identity, ...deferrable(request), signal });
      return {
        importedResources: imported.resources.map((own) => ({
          typeName: own.typeName,
          state: objectToWire(schema, own.state),
          private: own.private,
          identity: identityToWire(server, typeName, own.identity),
        })),
        deferred: deferral(imported.deferred),
        diagnostics: imported.diagnostics,
      };
    },
  ),
  MoveResourceState: unary(
    wire.MoveResourceState_Request,
    wire.MoveResourceState_Response,
    async (server, { targetTypeName: typeName, ...request }, { signal }) => {
      const schema = schemaOf(server, 'managed', typeName);
      const moved = await server.moveResource({
        typeName,
        signal,
        sourceProvider: request.sourceProviderAddress,
        sourceTypeName: request.sourceTypeName,
        sourceVersion: request.sourceSchemaVersion,
        sourceState: stored(request.sourceTypeName, request.sourceState),
      });
      return {
        targetState: objectToWire(schema, moved.state),
        targetPrivate: moved.private,
        targetIdentity: identityToWire(server, typeName, moved.identity),
        diagnostics: moved.diagnostics,
      };
    },
  ),
  GenerateResourceConfig: unary(
    wire.GenerateResourceConfig_Request,
    wire.GenerateResourceConfig_Response,
    async (server, { typeName, state }) => {
      const schema = schemaOf(server, 'managed', typeName);
      const request = { typeName, state: presentFromWire(schema, state, 'state') };
      const { config, diagnostics } = await server.generateConfig(request);
      return { config: objectToWire(schema, config), diagnostics };
    },
  ),

  ReadDataSource: unary(
    wire.ReadDataSource_Request,
    wire.ReadDataSource_Response,
    async (server, { typeName, ...request }, { signal }) => {
      const schema = schemaOf(server, 'data', typeName);
      const config = presentFromWire(schema, request.config, 'config');
      const read = await server.readDataSource({ typeName, config, ...deferrable(request), signal });
      return {
        state: objectToWire(schema, read.state),
        deferred: deferral(read.deferred),
        diagnostics: read.diagnostics,
      };
    },
  ),
  OpenEphemeralResource: unary(
    wire.OpenEphemeralResource_Request,
    wire.OpenEphemeralResource_Response,
    async (server, { typeName, ...request }, { signal }) => {
      const schema = schemaOf(server, 'ephemeral', typeName);
      const config = presentFromWire(schema, request.config, 'config');
      const opened = await server.openEphemeral({ typeName, config, ...deferrable(request), signal });
      return {
        result: objectToWire(schema, opened.result),
        renewAt: opened.renewAt,
        private: opened.private,
        deferred: deferral(opened.deferred),
        diagnostics: opened.diagnostics,
      };
    },
  ),
  RenewEphemeralResource: unary(
    wire.RenewEphemeralResource_Request,
    wire.RenewEphemeralResource_Response,
    (server, { typeName, private: bytes = new Uint8Array() }, { signal }) =>
      server.renewEphemeral({ typeName, private: bytes, signal }),
  ),
  CloseEphemeralResource: unary(
    wire.CloseEphemeralResource_Request,
    wire.CloseEphemeralResource_Response,
    (server, { typeName, private: bytes = new Uint8Array() }, { signal }) =>
      server.closeEphemeral({ typeName, private: bytes, signal }),
  ),

  CallFunction: unary(wire.CallFunction_Request, wire.CallFunction_Response, callFunction),
  ListResource: streaming(wire.ListResource_Request, wire.ListResource_Event, list),
};

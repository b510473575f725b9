/** The calls of `service Provider` in tfplugin6.proto, by their paths. */
import type { ProviderServer } from '../../framework/server';
import type { Method } from '../method';
import { applyResourceChange } from './apply-resource-change';
import { configureProvider } from './configure-provider';
import { readDataSource, validateDataResourceConfig } from './data-sources';
import {
  closeEphemeralResource,
  openEphemeralResource,
  renewEphemeralResource,
  validateEphemeralResourceConfig,
} from './ephemeral-resources';
import { callFunction, getFunctions } from './functions';
import { getMetadata } from './get-metadata';
import { getProviderSchema } from './get-provider-schema';
import { importResourceState } from './import-resource-state';
import { moveResourceState } from './move-resource-state';
import { planResourceChange } from './plan-resource-change';
import { readResource } from './read-resource';
import { getResourceIdentitySchemas, upgradeResourceIdentity } from './resource-identity';
import { stopProvider } from './stop-provider';
import { upgradeResourceState } from './upgrade-resource-state';
import { validateProviderConfig } from './validate-provider-config';
import { validateResourceConfig } from './validate-resource-config';

const CALLS: Readonly<Record<string, (server: ProviderServer) => Method>> = {
  GetMetadata: getMetadata,
  GetProviderSchema: getProviderSchema,
  GetResourceIdentitySchemas: getResourceIdentitySchemas,
  GetFunctions: getFunctions,
  ValidateProviderConfig: validateProviderConfig,
  ConfigureProvider: configureProvider,
  ValidateResourceConfig: validateResourceConfig,
  UpgradeResourceState: upgradeResourceState,
  UpgradeResourceIdentity: upgradeResourceIdentity,
  ReadResource: readResource,
  PlanResourceChange: planResourceChange,
  ApplyResourceChange: applyResourceChange,
  ImportResourceState: importResourceState,
  MoveResourceState: moveResourceState,
  ValidateDataResourceConfig: validateDataResourceConfig,
  ReadDataSource: readDataSource,
  ValidateEphemeralResourceConfig: validateEphemeralResourceConfig,
  OpenEphemeralResource: openEphemeralResource,
  RenewEphemeralResource: renewEphemeralResource,
  CloseEphemeralResource: closeEphemeralResource,
  CallFunction: callFunction,
  StopProvider: stopProvider,
};

/** Every call of Terraform's, by its gRPC path, answered by this server. */
export function providerMethods(server: ProviderServer): ReadonlyMap<string, Method> {
  return new Map(Object.entries(CALLS).map(([name, call]) => [`/tfplugin6.Provider/${name}`, call(server)]));
}

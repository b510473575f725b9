/** The shapes of `schemas/` as types: erased at compile time, so that the provider loads no schema library. */
import type { Static } from '@sinclair/typebox';
import type * as schemas from './schemas';

export type ApiTokenScope = Static<typeof schemas.ApiTokenScope>;
export type ApiToken = Static<typeof schemas.ApiToken>;
export type ApiTokenCreate = Static<typeof schemas.ApiTokenCreate>;
export type ApiTokenCreated = Static<typeof schemas.ApiTokenCreated>;

export type Application = Static<typeof schemas.Application>;
export type ApplicationSnapshot = Static<typeof schemas.ApplicationSnapshot>;
export type ApplicationCreate = Static<typeof schemas.ApplicationCreate>;
export type ApplicationUpdate = Static<typeof schemas.ApplicationUpdate>;
export type ApplicationPart = 'grants' | 'devices' | 'gateways';

export type SecretKind = Static<typeof schemas.SecretKind>;
export type Grant = Static<typeof schemas.Grant>;
export type GrantPut = Static<typeof schemas.GrantPut>;

export type Initialization = Static<typeof schemas.Initialization>;
export type DeviceStatus = Static<typeof schemas.DeviceStatus>;
export type Lapsed = Static<typeof schemas.Lapsed>;
export type ClientDevice = Static<typeof schemas.ClientDevice>;
export type ClientDeviceCreate = Static<typeof schemas.ClientDeviceCreate>;
export type ClientDeviceCreated = Static<typeof schemas.ClientDeviceCreated>;

export type Gateway = Static<typeof schemas.Gateway>;
export type GatewayCreate = Static<typeof schemas.GatewayCreate>;
export type GatewayUpdate = Static<typeof schemas.GatewayUpdate>;
export type GatewayCreated = Static<typeof schemas.GatewayCreated>;

export type SharedFolder = Static<typeof schemas.SharedFolder>;
export type Secret = Static<typeof schemas.Secret>;
export type VaultFolder = Static<typeof schemas.VaultFolder>;
export type VaultFolderCreate = Static<typeof schemas.VaultFolderCreate>;
export type RecordField = Static<typeof schemas.RecordField>;
export type RecordData = Static<typeof schemas.RecordData>;
export type VaultRecord = Static<typeof schemas.VaultRecord>;
export type VaultRecordPut = Static<typeof schemas.VaultRecordPut>;
export type VaultRecordCreate = Static<typeof schemas.VaultRecordCreate>;

export type Run = Static<typeof schemas.Run>;
export type RunSettle = Static<typeof schemas.RunSettle>;
export type RunSummary = Static<typeof schemas.RunSummary>;
export type RunSettled = Static<typeof schemas.RunSettled>;
export type Orphan = Static<typeof schemas.Orphan>;
export type OrphanRevoke = Static<typeof schemas.OrphanRevoke>;
export type OrphansRevoked = Static<typeof schemas.OrphansRevoked>;
export type Info = Static<typeof schemas.Info>;
export type DeviceApi = Static<typeof schemas.DeviceApi>;
export type AuditEvent = Static<typeof schemas.AuditEvent>;
export type Problem = Static<typeof schemas.Problem>;

export interface Page<T> {
  items: T[];
  nextCursor?: string | undefined;
}

import type { ApplicationSnapshot, ClientDevice, Gateway, Grant } from '../../../contract/types';

/** An application with all its parts, each found by id in one step. */
export interface Snapshot {
  readonly id: string;
  readonly name: string;
  readonly createdAt: string | null;
  /** By the UID of the secret. */
  readonly grants: ReadonlyMap<string, Grant>;
  /** By client id. */
  readonly devices: ReadonlyMap<string, ClientDevice>;
  /** By client id. */
  readonly gateways: ReadonlyMap<string, Gateway>;
}

export function indexed({ id, name, createdAt, grants, devices, gateways }: ApplicationSnapshot): Snapshot {
  return {
    id,
    name,
    createdAt,
    grants: new Map(grants?.map((grant) => [grant.secretUid, grant])),
    devices: new Map(devices?.map((device) => [device.clientId, device])),
    gateways: new Map(gateways?.map((gateway) => [gateway.clientId ?? gateway.gatewayUid ?? gateway.id, gateway])),
  };
}

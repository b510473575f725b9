import { KsmError } from '../../../contract/errors';
import type { ApplicationPart, ApplicationSnapshot, ClientDevice, Gateway, Grant } from '../../../contract/types';

export const PARTS: readonly ApplicationPart[] = ['grants', 'devices', 'gateways'];

/** An application with all its parts, each found by id in one step. */
export interface Snapshot {
  readonly id: string;
  readonly name: string;
  /** Null where the vault does not tell. */
  readonly createdAt: string | null;
  /** By the UID of the secret. */
  readonly grants: ReadonlyMap<string, Grant>;
  /** By client id. */
  readonly devices: ReadonlyMap<string, ClientDevice>;
  /** By client id; by gateway UID where no client id is known. */
  readonly gateways: ReadonlyMap<string, Gateway>;
  /** How many others share it in Keeper. */
  readonly sharedWithUsers: number;
  /** Parts that the vault cannot tell at present: what is not in them is unknown, not gone. */
  readonly unavailable: ReadonlySet<ApplicationPart>;
  readonly unavailableReason: string | undefined;
  /** Ids of which the service does not know that a state holds them. */
  readonly notHeld: ReadonlySet<string>;
}

/** @throws KsmError `invalid_reply` when a part is missing that is not said to be unavailable: absent is not "all gone" */
export function indexed(reply: ApplicationSnapshot): Snapshot {
  const unavailable = new Set(reply.unavailable ?? []);
  for (const part of PARTS) {
    if (!Array.isArray(reply[part]) && !unavailable.has(part)) {
      throw new KsmError(
        'invalid_reply',
        `The reply for application ${reply.id} has no ${part}, which were asked for. Is the endpoint that of a ksm-iac service of this version, and does nothing in between drop the query?`,
      );
    }
  }
  const { grants = [], devices = [], gateways = [] } = reply;
  const items = [reply, ...grants, ...devices, ...gateways];
  return {
    id: reply.id,
    name: reply.name,
    createdAt: reply.createdAt,
    grants: new Map(grants.map((grant) => [grant.secretUid, grant])),
    devices: new Map(devices.map((device) => [device.clientId, device])),
    gateways: new Map(gateways.map((gateway) => [gateway.clientId ?? gateway.gatewayUid ?? gateway.id, gateway])),
    sharedWithUsers: reply.sharedWithUsers ?? 0,
    unavailable,
    unavailableReason: reply.unavailableReason,
    notHeld: new Set(items.filter(({ held }) => held === false).map(({ id }) => id)),
  };
}

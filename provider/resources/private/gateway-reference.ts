/** By what a gateway is known: its client id, its own UID once it has initialised, or only one of the two. */
import type { Gateway } from '../../../contract/types';
import { type IdentityDefinition, knownStringOf, type ObjectValue, refusal, stringOf } from '../../framework';
import type { Snapshot } from './snapshot';

/** Each gateway is known by one of the two, and the other is null for ever: an identity never changes. */
export const gatewayIdentity: IdentityDefinition = {
  version: 0,
  attributes: {
    application_id: { type: 'string', description: 'UID of the application.', importing: 'required' },
    client_id: {
      type: 'string',
      description: 'Client id of the gateway. Null where the vault does not know it.',
      importing: 'optional',
    },
    gateway_uid: {
      type: 'string',
      description: 'UID of the gateway, of one whose client id is not known; null otherwise.',
      importing: 'optional',
    },
  },
  of: ({ application_id = null, client_id = null, gateway_uid = null }) => ({
    application_id,
    client_id,
    gateway_uid: client_id === null ? gateway_uid : null,
  }),
  importId(identity) {
    const given = ['client_id', 'gateway_uid'].flatMap((name) => knownStringOf(identity, name) ?? []);
    if (given.length !== 1) {
      throw refusal(
        'The identity of a gateway names it once',
        `Expected either client_id or gateway_uid beside application_id, got ${given.length === 0 ? 'neither' : 'both'}.`,
      );
    }
    return `${stringOf(identity, 'application_id')}/${given[0]}`;
  },
};

/** The gateway of a state. A service that lost its store knows one that has initialised by its UID alone. */
export function gatewayOf(snapshot: Snapshot | undefined, state: ObjectValue): Gateway | undefined {
  const { gateway_uid } = state;
  const found = gatewayBy(snapshot, pathPartOf(state));
  return found ?? (typeof gateway_uid === 'string' ? gatewayBy(snapshot, gateway_uid) : undefined);
}

/** @param ref client id or gateway UID */
export function gatewayBy(snapshot: Snapshot | undefined, ref: string): Gateway | undefined {
  const gateways = snapshot?.gateways;
  return gateways?.get(ref) ?? [...(gateways?.values() ?? [])].find(({ gatewayUid }) => gatewayUid === ref);
}

/** What its path in the API is made of. */
export function pathPartOf(state: ObjectValue): string {
  const { client_id = null, gateway_uid } = state;
  return client_id === null && typeof gateway_uid === 'string' ? gateway_uid : stringOf(state, 'client_id');
}

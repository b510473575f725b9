import type { ClientDevice, Gateway } from '../../../contract/types';
import type { ObjectValue } from '../../framework';

/** The computed attributes that devices and gateways have in common: known from their creation on, never changed. */
export function issuedValues(client: ClientDevice | Gateway): ObjectValue {
  return {
    id: client.id,
    client_id: client.clientId,
    hostname: client.hostname,
    created_at: client.createdAt,
    token_expires_at: client.tokenExpiresAt,
  };
}

/** What a vault reports of them at each refresh; what it does not tell stays as it was. */
export function reportedValues(client: ClientDevice | Gateway, state: ObjectValue): ObjectValue {
  return {
    // As it was when the credential was issued, which names it.
    hostname: state.hostname ?? client.hostname,
    created_at: client.createdAt,
    token_expires_at: client.tokenExpiresAt ?? state.token_expires_at ?? null,
  };
}

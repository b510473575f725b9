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

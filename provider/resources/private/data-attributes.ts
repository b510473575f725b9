/** Attributes of data sources that several of them have. */
import type { ClientDevice, Gateway } from '../../../contract/types';
import type { AttributeSchema, Attributes, ObjectValue } from '../../framework';
import { nameValidators, uidValidator } from './attributes';

export const found = (description: string): AttributeSchema => ({ type: 'string', computed: true, description });

/** One of two keys to look up by. */
export const uidKey = (description: string): AttributeSchema => ({
  type: 'string',
  optional: true,
  computed: true,
  description,
  validators: [uidValidator],
});
export const nameKey = (description: string): AttributeSchema => ({
  type: 'string',
  optional: true,
  computed: true,
  description,
  validators: nameValidators,
});

export const ofApplication: AttributeSchema = {
  type: 'string',
  required: true,
  description: 'UID of the application.',
  validators: [uidValidator],
};

export const items = (description: string, attributes: Attributes): AttributeSchema => ({
  type: { nesting: 'list', attributes },
  computed: true,
  description,
});

export const folderKind = found(
  'Which of the two kinds of shared folders it is: `classic` or `nested`; null where the vault does not tell.',
);
export const path = found('Where it is: names joined by `/`; null where the vault does not tell.');

/** What is known of a client device and of a gateway now. */
export const clientItem = (noun: string): Attributes => ({
  id: found(`Id as the resource has it, and as \`terraform import\` takes it.`),
  client_id: found(`Client id of the ${noun}, 86 characters; null where the vault does not tell.`),
  name: found(`Name of the ${noun}.`),
  status: found(
    'What it can do now: `pending`: its token waits to be redeemed; `active`: it can read, with a configuration also before its first use; `lapsed`: its token was not redeemed in time; `ended`: its access has ended.',
  ),
  created_at: found(`When the ${noun} was created, ISO 8601 in UTC; null where the vault does not tell.`),
  token_expires_at: found('Until when the one-time token can be redeemed, ISO 8601 in UTC; null where nobody knows.'),
  first_access_at: found('When it was first used, ISO 8601 in UTC; null: never, as far as the vault tells.'),
  last_access_at: found('When it was last used, ISO 8601 in UTC; null: never, as far as the vault tells.'),
  ip_address: found('The address that it bound from; null where it has not, or the vault does not tell.'),
});

export function clientItemOf(client: ClientDevice | Gateway): ObjectValue {
  return {
    id: client.id,
    client_id: client.clientId,
    name: client.name,
    status: client.status,
    created_at: client.createdAt,
    token_expires_at: client.tokenExpiresAt,
    first_access_at: client.firstAccessAt,
    last_access_at: client.lastAccessAt,
    ip_address: client.ipAddress,
  };
}

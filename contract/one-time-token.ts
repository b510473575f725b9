/** What Keeper's one-time tokens say by themselves. */

import { createHmac } from 'node:crypto';

/** Keeper's regions and where they answer. */
export const HOST_OF_REGION: Readonly<Record<string, string>> = {
  US: 'keepersecurity.com',
  EU: 'keepersecurity.eu',
  AU: 'keepersecurity.com.au',
  GOV: 'govcloud.keepersecurity.us',
  JP: 'keepersecurity.jp',
  CA: 'keepersecurity.ca',
  IL5: 'il5.keepersecurity.us',
};

/** A client id is the HMAC of this text under the client key, so that whoever has a token can tell it. */
const CLIENT_ID_MESSAGE = 'KEEPER_SECRETS_MANAGER_CLIENT_ID';

/** The client id that belongs to a client key: 64 bytes in base64url. */
export function clientIdOf(clientKey: Uint8Array): string {
  return createHmac('sha512', clientKey).update(CLIENT_ID_MESSAGE).digest('base64url');
}

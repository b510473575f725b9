/** Who asks, and whether that client is let in. */

import { isSignedBy, publicKeyOf } from '../vault/embedded/crypto';
import type { Client, Redemption } from '../vault/embedded/redemption';
import type { Clock } from '../world/clock';
import { DeviceError } from './device-error';
import type { Envelope } from './envelope';
import type { Payload } from './payload';

/** A client whose request is signed and that is let in; `binding` is the key it wants to bind to. */
export interface Admitted {
  readonly client: Client;
  readonly binding: Buffer | undefined;
}

export type IsDead = (client: Pick<Client, 'applicationId' | 'clientId'>) => Promise<boolean>;

export const UNKNOWN = 'There is no such client device: its token is wrong or it was revoked';
export const TOKEN_USED =
  'The one-time token has been redeemed already, and is good for one device. Create another client device.';

/**
 * @param parts.onKnown called with the client before anything of it can be refused
 * @throws DeviceError `access_denied`
 */
export async function authenticate(
  request: { envelope: Envelope; payload: Payload; ip: string; mayBind: boolean },
  parts: { redemption: Redemption; clock: Clock; isDead: IsDead; onKnown: (client: Client) => void },
): Promise<Admitted> {
  const { envelope, payload, ip, mayBind } = request;
  const { redemption, clock, isDead, onKnown } = parts;
  const client = await redemption.find(payload.clientId);
  if (!client || (await isDead(client))) {
    throw denied(UNKNOWN);
  }
  onKnown(client);
  if (client.publicKey && payload.publicKey && !client.publicKey.equals(payload.publicKey)) {
    throw denied(TOKEN_USED);
  }
  const publicKey = client.publicKey ?? (mayBind ? payload.publicKey : undefined);
  if (!publicKey) {
    throw denied('This client device has not redeemed its one-time token yet');
  }
  if (!isSigned(envelope, publicKey)) {
    throw denied('Signature is invalid');
  }
  refuseEnded(client, clock.now());
  if (client.ipLock && client.ipAddress !== null && client.ipAddress !== ip) {
    throw denied(`This client device is locked to the address it came from first, and ${ip} is another`);
  }
  return { client, binding: client.publicKey ? undefined : publicKey };
}

function isSigned({ signature, signed }: Envelope, point: Buffer): boolean {
  try {
    return isSignedBy(publicKeyOf(point), signature, signed);
  } catch {
    // The bytes are no point of the curve: nothing can be signed by them.
    return false;
  }
}

function refuseEnded(client: Client, now: number): void {
  if (client.accessExpiresAt !== null && now >= client.accessExpiresAt) {
    throw denied(`The access of this client device ended at ${new Date(client.accessExpiresAt).toISOString()}`);
  }
  if (!client.publicKey && now >= client.tokenExpiresAt) {
    throw denied(
      `The one-time token expired at ${new Date(client.tokenExpiresAt).toISOString()}. Create another client device.`,
    );
  }
}

export function denied(message: string): DeviceError {
  return new DeviceError('access_denied', message);
}

/** The outer layer of a request: transmission key, encrypted body, signature. */

import { decrypt } from '../vault/embedded/crypto';
import type { ServerKey } from '../vault/embedded/keys';
import { DeviceError } from './device-error';

export interface DeviceHeaders {
  /** `PublicKeyId`: numeric text. */
  readonly publicKeyId: string | undefined;
  /** `TransmissionKey`: base64. */
  readonly transmissionKey: string | undefined;
  /** `Authorization`: `Signature <base64>`. */
  readonly authorization: string | undefined;
}

/** A request that was opened but not yet authenticated. */
export interface Envelope {
  /** The reply is encrypted with it. */
  readonly transmissionKey: Buffer;
  readonly payload: Record<string, unknown>;
  readonly signature: Buffer;
  /** What was signed: encrypted transmission key ‖ encrypted body. */
  readonly signed: Buffer;
}

/** @throws DeviceError `key`, `bad_request` */
export function openEnvelope(serverKey: ServerKey, headers: DeviceHeaders, body: Buffer): Envelope {
  const { publicKeyId, transmissionKey, authorization } = headers;
  const signature = /^Signature ([A-Za-z0-9+/=_-]+)$/i.exec(authorization ?? '')?.[1];
  if (!publicKeyId || !transmissionKey || !signature) {
    throw new DeviceError(
      'bad_request',
      'The headers PublicKeyId, TransmissionKey and Authorization: Signature <base64> are expected',
    );
  }
  if (publicKeyId !== String(serverKey.id)) {
    throw new DeviceError('key', `This server has the key ${serverKey.id}`, { key_id: serverKey.id });
  }
  const encryptedKey = Buffer.from(transmissionKey, 'base64');
  const key = attempt(() => serverKey.open(encryptedKey), 'The transmission key does not open with the server key');
  const text = attempt(() => decrypt(key, body), 'The body does not open with the transmission key');
  const payload: unknown = attempt(() => JSON.parse(text.toString()), 'The body is not JSON');
  if (typeof payload !== 'object' || payload === null) {
    throw new DeviceError('bad_request', 'The body is not a JSON object');
  }
  return {
    transmissionKey: key,
    payload: payload as Record<string, unknown>,
    signature: Buffer.from(signature, 'base64'),
    signed: Buffer.concat([encryptedKey, body]),
  };
}

/** What the bytes hold says nothing to whoever sent them: one sentence a step, whatever failed in it. */
function attempt<T>(step: () => T, message: string): T {
  try {
    return step();
  } catch {
    throw new DeviceError('bad_request', message);
  }
}

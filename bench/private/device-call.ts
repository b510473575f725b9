/** What a device sends, made before it is measured: the keys and signatures are the clients' work. */
import { createPrivateKey, sign } from 'node:crypto';
import { clientIdOf } from '../../contract/one-time-token';
import type { DeviceApi } from '../../contract/types';
import { encrypt, encryptTo, newDeviceKeyPair, newKey } from '../../service/vault/embedded/crypto';
import type { Call } from './load';

export interface Device {
  readonly clientId: string;
  readonly publicKey: Buffer;
  readonly privateKey: ReturnType<typeof createPrivateKey>;
}

export function deviceOf(oneTimeToken: string): Device {
  const { privateKey, publicKey } = newDeviceKeyPair();
  return {
    clientId: clientIdOf(Buffer.from(oneTimeToken, 'base64url')),
    publicKey,
    privateKey: createPrivateKey({ key: privateKey, format: 'der', type: 'pkcs8' }),
  };
}

/** `get_secret`; with `binds` the one that redeems the token. */
export function deviceCall(
  api: Pick<DeviceApi, 'serverPublicKey' | 'serverPublicKeyId'>,
  device: Device,
  { binds }: { binds: boolean },
): Call {
  const transmissionKey = newKey();
  const encryptedKey = encryptTo(Buffer.from(api.serverPublicKey, 'base64url'), transmissionKey);
  const payload = {
    clientVersion: 'ms17.5.0',
    clientId: Buffer.from(device.clientId, 'base64url').toString('base64'),
    ...(binds ? { publicKey: device.publicKey.toString('base64') } : {}),
  };
  const body = encrypt(transmissionKey, Buffer.from(JSON.stringify(payload)));
  const signature = sign('sha256', Buffer.concat([encryptedKey, body]), device.privateKey);
  return {
    method: 'POST',
    path: '/api/rest/sm/v1/get_secret',
    headers: {
      publickeyid: api.serverPublicKeyId,
      transmissionkey: encryptedKey.toString('base64'),
      authorization: `Signature ${signature.toString('base64')}`,
      'content-type': 'application/octet-stream',
    },
    body: body.toString('base64'),
  };
}

import type { SecretManagerOptions } from '@keeper-security/secrets-manager-core';
import type { DeviceApi } from '../../../service/device-api/device-api';

/** A `queryFunction` of the official SDK that carries the bytes to a device API instead of to a socket. */
export const askDirectly =
  (api: DeviceApi, ip = '10.0.0.1'): NonNullable<SecretManagerOptions['queryFunction']> =>
  async (url, transmissionKey, payload) => {
    const reply = await api.handle({
      verb: new URL(url).pathname.split('/').at(-1)!,
      headers: {
        publicKeyId: String(transmissionKey.publicKeyId),
        transmissionKey: Buffer.from(transmissionKey.encryptedKey).toString('base64'),
        authorization: `Signature ${Buffer.from(payload.signature).toString('base64')}`,
      },
      body: Buffer.from(payload.payload),
      ip,
    });
    return { statusCode: reply.status, data: reply.body, headers: [] };
  };

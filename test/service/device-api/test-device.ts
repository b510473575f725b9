import { createPrivateKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { clientIdOf } from '../../../contract/one-time-token';
import type { DeviceApi, DeviceReply, DeviceRequest } from '../../../service/device-api/device-api';
import { decrypt, encrypt, encryptTo, newKey } from '../../../service/vault/embedded/crypto';
import type { ServerKey } from '../../../service/vault/embedded/keys';

/** What a test makes different from a proper request. */
export interface Tampering {
  readonly verb?: string;
  readonly ip?: string;
  readonly payload?: Record<string, unknown>;
  readonly body?: (body: Buffer) => Buffer;
  readonly signature?: (signature: Buffer) => Buffer;
  readonly headers?: Partial<DeviceRequest['headers']>;
}

/** The KSM device protocol written down a second time, so that a test can break each part of it. */
export class TestDevice {
  readonly #clientKey: Buffer;
  readonly #privateKey: KeyObject;
  readonly publicKey: Buffer;
  readonly clientId: string;

  constructor(
    readonly api: Pick<DeviceApi, 'handle'>,
    readonly vault: { readonly keys: { readonly server: Pick<ServerKey, 'id' | 'publicKey'> } },
    oneTimeToken: string | null,
  ) {
    this.#clientKey = Buffer.from(oneTimeToken!, 'base64url');
    this.clientId = clientIdOf(this.#clientKey);
    const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    this.#privateKey = createPrivateKey(pair.privateKey.export({ format: 'pem', type: 'pkcs8' }));
    this.publicKey = pair.publicKey.export({ format: 'der', type: 'spki' }).subarray(-65);
  }

  /** `get_secret` with the public key: binds. */
  bind(tampering: Tampering = {}) {
    const publicKey = this.publicKey.toString('base64');
    return this.send({ ...tampering, payload: { publicKey, ...tampering.payload } });
  }

  async send(tampering: Tampering = {}): Promise<DeviceReply & { json: Record<string, unknown> }> {
    const { server } = this.vault.keys;
    const transmissionKey = newKey();
    const encryptedKey = encryptTo(server.publicKey, transmissionKey);
    const payload = {
      clientVersion: 'ms17.5.0',
      clientId: Buffer.from(this.clientId, 'base64url').toString('base64'),
      ...tampering.payload,
    };
    const body = encrypt(transmissionKey, Buffer.from(JSON.stringify(payload)));
    const signature = sign('sha256', Buffer.concat([encryptedKey, body]), this.#privateKey);
    const reply = await this.api.handle({
      verb: tampering.verb ?? 'get_secret',
      ip: tampering.ip ?? '10.0.0.1',
      body: tampering.body?.(body) ?? body,
      headers: {
        publicKeyId: String(server.id),
        transmissionKey: encryptedKey.toString('base64'),
        authorization: `Signature ${(tampering.signature?.(signature) ?? signature).toString('base64')}`,
        ...tampering.headers,
      },
    });
    const text = reply.status === 200 ? decrypt(transmissionKey, reply.body) : reply.body;
    return { ...reply, json: JSON.parse(text.toString()) as Record<string, unknown> };
  }

  /** The application key of a reply to a bind. */
  appKey(json: Record<string, unknown>): Buffer {
    return decrypt(this.#clientKey, Buffer.from(json.encryptedAppKey as string, 'base64'));
  }
}

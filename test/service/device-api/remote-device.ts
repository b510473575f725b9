import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import type { DeviceReply, DeviceRequest } from '../../../service/device-api/device-api';
import type { ServiceAddress } from '../../../service/main';
import { TestDevice } from './test-device';

/** A device that asks over real HTTPS, wherever its service is at the time. */
export function remoteDevice(service: () => ServiceAddress, oneTimeToken: string): TestDevice {
  const { serverPublicKeyId, serverPublicKey } = service().deviceApi!;
  const server = { id: Number(serverPublicKeyId), publicKey: Buffer.from(serverPublicKey, 'base64url') };
  return new TestDevice({ handle: (call) => send(service(), call) }, { keys: { server } }, oneTimeToken);
}

function send(service: ServiceAddress, { verb, headers, body }: DeviceRequest): Promise<DeviceReply> {
  const ca = readFileSync(service.caCertificateFile!);
  return new Promise((resolve, reject) => {
    const sent = request(
      `${service.endpoint}/api/rest/sm/v1/${verb}`,
      {
        method: 'POST',
        ca,
        agent: false,
        headers: {
          publickeyid: headers.publicKeyId,
          transmissionkey: headers.transmissionKey,
          authorization: headers.authorization,
          'content-length': body.length,
        },
      },
      async (reply) => {
        try {
          const chunks: Buffer[] = [];
          for await (const chunk of reply) chunks.push(chunk as Buffer);
          const contentType = String(reply.headers['content-type']);
          resolve({ status: reply.statusCode ?? 0, contentType, body: Buffer.concat(chunks) });
        } catch (error) {
          reject(error);
        }
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

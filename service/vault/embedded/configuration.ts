import type { Context } from './context';

/**
 * SECRET: the configuration of a device that the service has bound, base64 of
 * the JSON that both official SDKs take. With `serverPublicKey` in it an SDK
 * needs nothing else: Keeper's own keys are built in, this vault's is not.
 */
export function configurationOf(
  { keys, hostname }: Context,
  device: { clientId: string; appKey: Buffer; privateKey: Buffer },
): string {
  const configuration = {
    hostname: hostname(),
    clientId: Buffer.from(device.clientId, 'base64url').toString('base64'),
    privateKey: device.privateKey.toString('base64'),
    serverPublicKeyId: String(keys.server.id),
    appKey: device.appKey.toString('base64'),
    appOwnerPublicKey: keys.ownerPublicKey.toString('base64'),
    serverPublicKey: keys.server.publicKey.toString('base64url'),
  };
  return Buffer.from(JSON.stringify(configuration)).toString('base64');
}

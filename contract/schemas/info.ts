import { Type } from '@sinclair/typebox';
import { ApiTokenScope } from './api-token';
import { Nullable, Uid } from './common';

/** Where devices redeem and read, and what they must trust: all of it public. */
export const DeviceApi = Type.Object({
  hostname: Type.String({ description: '`host:port`, as the SDKs take it.' }),
  serverPublicKeyId: Type.String({ description: 'Numeric text.' }),
  serverPublicKey: Type.String({ description: 'P-256, 65 bytes uncompressed, base64url without padding.' }),
  caCertificate: Nullable(
    Type.String({ description: 'PEM of the CA that signed the service; null with an own certificate or plain HTTP.' }),
  ),
});

export const Info = Type.Object({
  apiVersion: Type.String(),
  version: Type.String({ description: 'Version of the service.' }),
  vaultId: { ...Uid, description: 'Drawn with the vault and kept by backups: a state belongs to one.' },
  vault: Type.Object({ kind: Type.Union([Type.Literal('embedded'), Type.Literal('commander')]) }),
  features: Type.Array(Type.String()),
  unsupported: Type.Array(Type.Object({ feature: Type.String(), reason: Type.String() }), {
    description: 'Features that this vault does not have, and why.',
  }),
  deviceApi: Nullable(DeviceApi),
  principal: Type.Object({ name: Type.String(), scope: ApiTokenScope }),
});

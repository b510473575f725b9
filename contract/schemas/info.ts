import { Type } from '@sinclair/typebox';
import { Nullable } from './common';

/** Where devices redeem and read. */
export const DeviceApi = Type.Object({
  hostname: Type.String({ description: '`host:port`, as the SDKs take it.' }),
  serverPublicKeyId: Type.String({ description: 'Numeric text.' }),
  serverPublicKey: Type.String({ description: 'P-256, 65 bytes uncompressed, base64url without padding.' }),
});

export const Info = Type.Object({
  apiVersion: Type.String(),
  version: Type.String({ description: 'Version of the service.' }),
  vault: Type.Object({ kind: Type.Union([Type.Literal('embedded'), Type.Literal('commander')]) }),
  features: Type.Array(Type.String()),
  deviceApi: Nullable(DeviceApi),
});

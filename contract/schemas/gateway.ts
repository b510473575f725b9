import { Type } from '@sinclair/typebox';
import { clientProperties, issuedProperties, tokenExpiresInMinutes } from './client-device';
import { ListOf, Name, Nullable, Uid } from './common';

/** A client device of the type "discovery and rotation controller"; never IP-locked and without access expiry. */
export const Gateway = Type.Object({
  ...clientProperties,
  gatewayUid: Nullable(Uid),
  online: Nullable(Type.Boolean({ description: 'Whether it is connected now, where the vault can tell.' })),
});

export const GatewayCreate = Type.Object(
  {
    name: Name,
    tokenExpiresInMinutes: Type.Optional(tokenExpiresInMinutes),
    initialization: Type.Optional(Type.Literal('token', { default: 'token' })),
  },
  { additionalProperties: false },
);

export const GatewayUpdate = Type.Object({ name: Name }, { additionalProperties: false });
export const GatewayCreated = Type.Object({ ...Gateway.properties, ...issuedProperties });
export const GatewayList = ListOf(Gateway);

import { Type } from '@sinclair/typebox';
import { clientProperties, issuedProperties, issueProperties } from './client-device';
import { ClientId, GatewayRef, ListOf, Name, Nullable, Uid } from './common';

/** A client device of the type "discovery and rotation controller"; never IP-locked and without access expiry. */
export const Gateway = Type.Object({
  ...clientProperties,
  id: Type.String({ description: '`<applicationId>/<clientId>`; with the gateway UID where no client id is known.' }),
  clientId: Nullable(ClientId),
  gatewayUid: Nullable(Uid),
  online: Nullable(Type.Boolean({ description: 'Whether it is connected now, where the vault can tell.' })),
});

export const GatewayCreate = Type.Object(
  {
    name: Name,
    ...issueProperties,
  },
  { additionalProperties: false },
);

export const GatewayUpdate = Type.Object({ name: Name }, { additionalProperties: false });
export const GatewayCreated = Type.Object({ ...Gateway.properties, clientId: ClientId, ...issuedProperties });
export const GatewayParams = Type.Object({ applicationId: Uid, clientId: GatewayRef });
export const GatewayList = ListOf(Gateway);

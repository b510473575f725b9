import { Type } from '@sinclair/typebox';
import {
  ACCESS_EXPIRES_MAX_MINUTES,
  ACCESS_EXPIRES_MIN_MINUTES,
  SEAL_PUBLIC_KEY_PATTERN,
  TOKEN_EXPIRES_DEFAULT_MINUTES,
  TOKEN_EXPIRES_MAX_MINUTES,
  TOKEN_EXPIRES_MIN_MINUTES,
} from '../limits';
import { ClientId, Held, ListOf, Name, Nullable, Timestamp, Uid } from './common';

/**
 * pending: its token waits · active: redeemed, access lasts · lapsed: its token
 * was never redeemed in time · ended: its access has ended.
 */
export const DeviceStatus = Type.Union([
  Type.Literal('pending'),
  Type.Literal('active'),
  Type.Literal('lapsed'),
  Type.Literal('ended'),
]);

/** What ended a device, as the service's clock says: its token unredeemed, or its access. */
export const Lapsed = Nullable(Type.Union([Type.Literal('token'), Type.Literal('access')]));

/** How a device or gateway gets its credential: a one-time token, or a configuration that the service has bound itself. */
export const Initialization = Type.Union([Type.Literal('token'), Type.Literal('config')]);

export const tokenExpiresInMinutes = Type.Integer({
  minimum: TOKEN_EXPIRES_MIN_MINUTES,
  maximum: TOKEN_EXPIRES_MAX_MINUTES,
  default: TOKEN_EXPIRES_DEFAULT_MINUTES,
  description: 'How long the unused one-time token can be redeemed, in minutes (1 to 1440).',
});

/** What a client device and a gateway have in common. */
export const clientProperties = {
  id: Type.String({ description: '`<applicationId>/<clientId>`' }),
  applicationId: Uid,
  clientId: ClientId,
  name: Name,
  hostname: Nullable(
    Type.String({ description: 'Where the device redeems and reads, `host` or `host:port`; null where nobody knows.' }),
  ),
  status: DeviceStatus,
  lapsed: Lapsed,
  createdAt: Timestamp,
  tokenExpiresAt: Nullable(Timestamp),
  firstAccessAt: Nullable(Timestamp),
  lastAccessAt: Nullable(Timestamp),
  ipAddress: Nullable(Type.String({ description: 'The address it bound from.' })),
  held: Held,
};

/** The credential, in the reply to the creation and nowhere else. */
export const issuedProperties = {
  initialization: Initialization,
  oneTimeToken: Nullable(Type.String({ description: 'SECRET. Good for one bind. In this reply and nowhere else.' })),
  config: Nullable(
    Type.String({ description: 'SECRET. Base64 of the configuration JSON. In this reply and nowhere else.' }),
  ),
  sealedOneTimeToken: Nullable(Type.String({ description: 'Base64 of a libsodium sealed box of the token.' })),
  sealedConfig: Nullable(Type.String({ description: 'Base64 of a libsodium sealed box of the configuration.' })),
};

/** How the credential of a new client device or gateway is made and leaves the service. */
export const issueProperties = {
  tokenExpiresInMinutes: Type.Optional(tokenExpiresInMinutes),
  initialization: Type.Optional(
    Type.Union(Initialization.anyOf, {
      default: 'token',
      description: 'config: the service binds the device from its own address, so ipLock must be false.',
    }),
  ),
  sealToPublicKey: Type.Optional(
    Nullable(
      Type.String({
        pattern: SEAL_PUBLIC_KEY_PATTERN,
        description: 'Curve25519 public key in base64: the credential leaves as a sealed box for its owner alone.',
      }),
    ),
  ),
};

export const ClientDevice = Type.Object({
  ...clientProperties,
  ipLock: Type.Boolean(),
  accessExpiresAt: Nullable(Timestamp),
});

export const ClientDeviceCreate = Type.Object(
  {
    name: Name,
    ipLock: Type.Optional(
      Type.Boolean({ default: true, description: 'Only the address that binds first is let in afterwards.' }),
    ),
    ...issueProperties,
    accessExpiresInMinutes: Type.Optional(
      Nullable(
        Type.Integer({
          minimum: ACCESS_EXPIRES_MIN_MINUTES,
          maximum: ACCESS_EXPIRES_MAX_MINUTES,
          description:
            'How long the device may read, counted from its creation, in minutes; null or absent: never ends.',
        }),
      ),
    ),
    ephemeral: Type.Optional(
      Type.Boolean({
        default: false,
        description: 'For this run alone: never held, revoked when it is deleted or its run ends, used or not.',
      }),
    ),
  },
  { additionalProperties: false },
);

export const ClientDeviceCreated = Type.Object({ ...ClientDevice.properties, ...issuedProperties });
export const ClientParams = Type.Object({ applicationId: Uid, clientId: ClientId });
export const ClientDeviceList = ListOf(ClientDevice);

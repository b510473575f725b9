import { Type } from '@sinclair/typebox';
import { ClientDevice } from './client-device';
import { Held, Name, Nullable, PageOf, PageQuery, Timestamp, Uid } from './common';
import { Gateway } from './gateway';
import { Grant } from './grant';

export const Application = Type.Object({
  id: Uid,
  name: Name,
  createdAt: Nullable(Timestamp),
  held: Held,
});

const ApplicationPart = Type.Union([Type.Literal('grants'), Type.Literal('devices'), Type.Literal('gateways')]);

/** One application with what was asked for by `?include=`; never a token in it. */
export const ApplicationSnapshot = Type.Object({
  ...Application.properties,
  grants: Type.Optional(Type.Array(Grant)),
  devices: Type.Optional(Type.Array(ClientDevice)),
  gateways: Type.Optional(Type.Array(Gateway)),
  sharedWithUsers: Type.Optional(
    Type.Integer({
      minimum: 1,
      description:
        'How many other users of the vault share the application: whatever is granted to it is shared with them too, but for nested folders. Left out: none, or the vault has no such users.',
    }),
  ),
  unavailable: Type.Optional(
    Type.Array(ApplicationPart, {
      description: 'Parts that were asked for and that the vault cannot tell at present: unknown, not gone.',
    }),
  ),
  unavailableReason: Type.Optional(Type.String({ description: 'Why, in a sentence.' })),
});

export const ApplicationCreate = Type.Object({ name: Name }, { additionalProperties: false });
export const ApplicationUpdate = Type.Object({ name: Name }, { additionalProperties: false });
export const ApplicationPage = PageOf(Application);

export const ApplicationListQuery = Type.Object({
  ...PageQuery.properties,
  name: Type.Optional({ ...Name, description: 'Only the application of exactly this name.' }),
});
export const ApplicationGetQuery = Type.Object({
  include: Type.Optional(
    Type.String({
      pattern: '^(grants|devices|gateways)(,(grants|devices|gateways))*$',
      description: 'Comma-separated: grants, devices, gateways.',
    }),
  ),
});
export const ApplicationDeleteQuery = Type.Object({
  force: Type.Optional(
    Type.Boolean({ default: false, description: 'Delete its grants, devices and gateways with it.' }),
  ),
});

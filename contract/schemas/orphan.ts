import { Type } from '@sinclair/typebox';
import { ITEM_ID_PATTERN, REVOKED_MAX_ITEMS } from '../limits';
import { Nullable, PageOf, PageQuery, Timestamp, Uid } from './common';

/**
 * unsure: its run lapsed or was lost, so that it may stand in a state or not ·
 * unclaimed: its run was settled, but nobody has redeemed it and no later run
 * has read it · suspected: the vault's reply was lost, so that nobody can tell
 * whether this is what was made, and nobody has its credential (over Commander
 * alone). None is revoked by itself but for the ends that `endsAt` names.
 */
export const OrphanState = Type.Union([Type.Literal('unsure'), Type.Literal('unclaimed'), Type.Literal('suspected')]);

export const Orphan = Type.Object({
  id: Type.String({
    description:
      'Terraform id of the device, gateway or application; of a suspected gateway that the vault lists nowhere, the application and the operation that may have made it.',
  }),
  kind: Type.Union([Type.Literal('application'), Type.Literal('client_device'), Type.Literal('gateway')]),
  state: OrphanState,
  name: Nullable(Type.String()),
  applicationId: Uid,
  applicationName: Nullable(Type.String()),
  principal: Nullable(Type.String({ description: 'Name of the principal that made it.' })),
  runId: Nullable(Type.String({ description: 'Run that made it; null: a suspected one that was asked for without.' })),
  createdAt: Timestamp,
  /** Null: it does not end by itself. */
  endsAt: Nullable(Timestamp),
});
export const OrphanPage = PageOf(Orphan);
export const OrphanListQuery = Type.Object({
  ...PageQuery.properties,
  applicationId: Type.Optional({ ...Uid, description: 'Only orphans in this application.' }),
  state: Type.Optional(OrphanState),
});

const ItemId = Type.String({ pattern: ITEM_ID_PATTERN, description: 'Terraform id.' });

/** Without `ids`: all that are unsure. The unclaimed and the suspected end by their ids alone. */
export const OrphanRevoke = Type.Object(
  {
    ids: Type.Optional(Type.Array(ItemId, { minItems: 1, maxItems: REVOKED_MAX_ITEMS })),
    applicationId: Type.Optional({ ...Uid, description: 'Only orphans in this application.' }),
  },
  { additionalProperties: false },
);
export const OrphansRevoked = Type.Object({
  revoked: Type.Array(Type.String(), { description: 'Ids that were ended, 1000 at most.' }),
  revokedTotal: Type.Integer(),
  kept: Type.Array(Type.Object({ id: Type.String(), reason: Type.String() }), {
    description: 'Ids that were asked for and not ended, with the reason.',
  }),
});

import { Type } from '@sinclair/typebox';
import { HELD_MAX_ITEMS, ITEM_ID_PATTERN, REVOKED_MAX_ITEMS, RUN_ID_PATTERN, RUN_LEASE_SECONDS } from '../limits';
import { Nullable, PageOf, PageQuery, Timestamp } from './common';

export const RunId = Type.String({
  pattern: RUN_ID_PATTERN,
  description: '1 to 128 characters of A-Z a-z 0-9 . _ ~ -, drawn by one provider process.',
});
export const RunParams = Type.Object({ runId: RunId });

const held = Type.Array(
  Type.String({
    pattern: ITEM_ID_PATTERN,
    description: 'Id as Terraform has it: <applicationId>, <applicationId>/<clientId>, <applicationId>/<secretUid>.',
  }),
  { maxItems: HELD_MAX_ITEMS },
);

/** What Terraform is known to hold: what it was answered, and what stood in the state that it read. */
export const RunHeld = Type.Object({ held }, { additionalProperties: false });

export const RunSettle = Type.Object(
  {
    held,
    lost: Type.Optional(
      Type.Boolean({
        default: false,
        description: 'Terraform went away: what was answered may or may not have been saved, and becomes unsure.',
      }),
    ),
  },
  { additionalProperties: false },
);

/** active: its lease runs · settled: it told what it holds · lapsed: its lease ended before it told. */
export const RunState = Type.Union([Type.Literal('active'), Type.Literal('settled'), Type.Literal('lapsed')]);

export const Run = Type.Object({
  id: RunId,
  state: RunState,
  leaseSeconds: Type.Integer({ default: RUN_LEASE_SECONDS }),
  expiresAt: Timestamp,
});

export const RunSettled = Type.Object({
  id: RunId,
  state: Type.Literal('settled'),
  revoked: Type.Array(Type.String(), {
    description: `Ids of what this run made and does not hold, ${REVOKED_MAX_ITEMS} at most. From this reply on they are dead for everybody.`,
  }),
  revokedTotal: Type.Integer(),
});

/** A run as lists show it. */
export const RunSummary = Type.Object({
  id: RunId,
  state: RunState,
  principal: Nullable(Type.String()),
  createdAt: Timestamp,
  expiresAt: Timestamp,
  items: Type.Integer({ description: 'What it made and nobody is known to hold yet.' }),
});
export const RunPage = PageOf(RunSummary);
export const RunListQuery = Type.Object({ ...PageQuery.properties, state: Type.Optional(RunState) });

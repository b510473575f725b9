import { Type } from '@sinclair/typebox';
import { HELD_MAX_ITEMS, RUN_ID_PATTERN, RUN_LEASE_SECONDS } from '../limits';
import { Timestamp } from './common';

export const RunId = Type.String({
  pattern: RUN_ID_PATTERN,
  description: '1 to 128 characters of A-Z a-z 0-9 . _ ~ -, drawn by one provider process.',
});
export const RunParams = Type.Object({ runId: RunId });

/** Ids as Terraform has them: `<applicationId>`, `<applicationId>/<clientId>`, `<applicationId>/<secretUid>`. */
export const RunHeld = Type.Object(
  { held: Type.Array(Type.String({ minLength: 1, maxLength: 255 }), { maxItems: HELD_MAX_ITEMS }) },
  { additionalProperties: false },
);

export const Run = Type.Object({
  id: RunId,
  state: Type.Union([Type.Literal('active'), Type.Literal('settled'), Type.Literal('lapsed')]),
  leaseSeconds: Type.Integer({ default: RUN_LEASE_SECONDS }),
  expiresAt: Timestamp,
});

export const RunSettled = Type.Object({
  id: RunId,
  state: Type.Literal('settled'),
  revoked: Type.Array(Type.String(), {
    description: 'Ids of devices and gateways that this run made and does not hold.',
  }),
});

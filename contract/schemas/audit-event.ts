import { Type } from '@sinclair/typebox';
import { ITEM_ID_PATTERN } from '../limits';
import { Name, Nullable, PageOf, PageQuery, Timestamp } from './common';

/** What of a thing changed; the members that matter to that kind of thing. */
const Facts = Nullable(Type.Record(Type.String(), Type.Unknown()));

/** One change, or one refusal; reads leave none. Never a secret, nor anything that leads to one. */
export const AuditEvent = Type.Object({
  id: Type.Integer(),
  at: Timestamp,
  action: Type.String({ description: '`<noun>.<verb>`, for instance `client_device.create`.' }),
  outcome: Type.Union([Type.Literal('done'), Type.Literal('refused')]),
  actor: Type.Union([Type.Literal('token'), Type.Literal('device'), Type.Literal('system')], {
    description: 'Who did it: an API token, a device, or the service by itself.',
  }),
  principal: Nullable(Type.String({ description: 'Name of the principal, or the client id of a device.' })),
  principalId: Nullable(Type.String({ description: 'Id of the principal; names may be given again.' })),
  target: Nullable(Type.String({ description: 'Id of what changed.' })),
  name: Nullable(Type.String({ description: 'Its name at that moment.' })),
  before: Facts,
  after: Facts,
  reason: Nullable(Type.String({ description: 'Why it was refused, or why the service did it by itself.' })),
  runId: Nullable(Type.String()),
  requestId: Nullable(Type.String()),
});
export const AuditEventPage = PageOf(AuditEvent);

export const AuditEventListQuery = Type.Object({
  ...PageQuery.properties,
  target: Type.Optional(
    Type.String({
      pattern: ITEM_ID_PATTERN,
      description: 'Only events of this thing; of an application, also of everything in it.',
    }),
  ),
  principal: Type.Optional({ ...Name, description: 'Only events of this principal.' }),
  action: Type.Optional(
    Type.String({ pattern: '^[a-z_]{1,40}(\\.[a-z_]{1,40})?$', description: 'Only this action, or this noun.' }),
  ),
});

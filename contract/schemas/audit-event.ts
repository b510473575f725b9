import { Type } from '@sinclair/typebox';
import { Nullable, PageOf, Timestamp } from './common';

/** One change; reads and refusals leave none. Never a secret, nor anything that leads to one. */
export const AuditEvent = Type.Object({
  id: Type.Integer(),
  at: Timestamp,
  action: Type.String({ description: '`<noun>.<verb>`, for instance `client_device.create`.' }),
  target: Nullable(Type.String({ description: 'Id of what changed.' })),
  name: Nullable(Type.String({ description: 'Its name at that moment.' })),
  principal: Nullable(Type.String({ description: 'Name of the API token, or the client id of a device.' })),
  runId: Nullable(Type.String()),
  requestId: Nullable(Type.String()),
});
export const AuditEventPage = PageOf(AuditEvent);

import { Type } from '@sinclair/typebox';
import { Held, ListOf, Nullable, Timestamp, Uid } from './common';

export const SecretKind = Type.Union([Type.Literal('folder'), Type.Literal('record')]);

/** A shared folder or a single record that is granted to an application. */
export const Grant = Type.Object({
  id: Type.String({ description: '`<applicationId>/<secretUid>`' }),
  applicationId: Uid,
  secretUid: Uid,
  kind: SecretKind,
  title: Nullable(Type.String({ description: 'Name of the folder or title of the record, where the vault tells.' })),
  editable: Type.Boolean(),
  createdAt: Nullable(Timestamp),
  generation: Nullable(
    Type.String({
      description:
        'Opaque; drawn anew by each creation and adoption. A delete that names another one deletes nothing. Null: the service knows none.',
    }),
  ),
  held: Held,
});

/**
 * `PUT` makes the grant be so. With `If-None-Match: *` it only creates: a grant
 * of the same `editable` is adopted (200) and gets a new generation, one of
 * another is `grant_exists`.
 */
export const GrantPut = Type.Object(
  {
    editable: Type.Optional(Type.Boolean({ default: false })),
    kind: Type.Optional(
      Type.Union([Type.Literal('folder'), Type.Literal('record')], {
        description: 'What the UID is meant to be; `not_a_folder` or `not_a_record` if it is not.',
      }),
    ),
  },
  { additionalProperties: false },
);
export const GrantParams = Type.Object({ applicationId: Uid, secretUid: Uid });
export const GrantList = ListOf(Grant);

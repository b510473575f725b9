import { Type } from '@sinclair/typebox';
import { SECRETS_MAX_UIDS } from '../limits';
import { Name, Nullable, PageOf, PageQuery, Uid } from './common';

/** Keeper's two kinds of shared folders; null where it is a record or the vault does not tell. */
const FolderKind = Nullable(Type.Union([Type.Literal('classic'), Type.Literal('nested')]));

const path = Nullable(
  Type.String({
    description:
      'Where it is: names from the shared folder on, joined by `/`, its own at the end. Null where the vault does not tell, and, of a record, to a token that may see some secrets alone.',
  }),
);

/** A shared folder that can be granted. */
export const SharedFolder = Type.Object({
  uid: Uid,
  kind: Type.Literal('folder'),
  folderKind: FolderKind,
  name: Type.String(),
  path,
});
export const SharedFolderPage = PageOf(SharedFolder);
export const SharedFolderListQuery = Type.Object({
  ...PageQuery.properties,
  name: Type.Optional({ ...Name, description: 'Only shared folders of exactly this name.' }),
});

/** What a UID is, where the vault can tell; `unknown` is an answer, not an error. */
export const Secret = Type.Object({
  uid: Uid,
  kind: Type.Union([Type.Literal('folder'), Type.Literal('record'), Type.Literal('unknown')]),
  folderKind: FolderKind,
  name: Nullable(Type.String({ description: 'Name of the folder or title of the record.' })),
  path,
});
export const SecretPage = PageOf(Secret);
/** By name, by UIDs, or all of them, folders first. Of UIDs each is answered, in their order, `unknown` too. */
export const SecretListQuery = Type.Object({
  ...PageQuery.properties,
  name: Type.Optional({ ...Name, description: 'Only folders and records of exactly this name.' }),
  uid: Type.Optional(Type.Array(Uid, { minItems: 1, maxItems: SECRETS_MAX_UIDS, description: 'Only these.' })),
  kind: Type.Optional(Type.Union([Type.Literal('folder'), Type.Literal('record')])),
});
export const SecretParams = Type.Object({ secretUid: Uid });

/** Embedded vault: a shared folder, or a folder inside one (`parentUid`). */
export const VaultFolder = Type.Object({
  uid: Uid,
  name: Name,
  parentUid: Nullable(Uid),
});
/** `POST /v1/vault/folders`. With a `uid` that exists already it replaces the name; the parent must be the same. */
export const VaultFolderCreate = Type.Object(
  {
    uid: Type.Optional(Uid),
    name: Name,
    parentUid: Type.Optional(Nullable(Uid)),
  },
  { additionalProperties: false },
);
export const VaultFolderDeleteQuery = Type.Object({
  force: Type.Optional(Type.Boolean({ default: false, description: 'Delete what is in it with it.' })),
});
export const VaultFolderPage = PageOf(VaultFolder);

/** One field of a typed record, as Keeper stores it in the record's data. */
export const RecordField = Type.Object(
  {
    type: Type.String({ minLength: 1, maxLength: 255 }),
    label: Type.Optional(Type.String()),
    value: Type.Array(Type.Unknown()),
    required: Type.Optional(Type.Boolean()),
    privacyScreen: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: true },
);

/** The content of a record in Keeper's own form (typed record, version 3). */
export const RecordData = Type.Object(
  {
    title: Type.String({ minLength: 1 }),
    type: Type.String({ minLength: 1 }),
    fields: Type.Array(RecordField),
    custom: Type.Optional(Type.Array(RecordField)),
    notes: Type.Optional(Type.String()),
  },
  { additionalProperties: true },
);

/** Embedded vault: a record as lists show it, without its content. */
export const VaultRecord = Type.Object({
  uid: Uid,
  title: Type.String(),
  type: Type.String(),
  folderUid: Nullable(Uid),
  revision: Type.Integer(),
});
/** `POST /v1/vault/records`. With a `uid` that exists already it replaces the content, and moves it to another folder. */
export const VaultRecordCreate = Type.Object(
  {
    uid: Type.Optional(Uid),
    folderUid: Type.Optional({
      ...Nullable(Uid),
      description: 'Null: in no folder. Left out: a new one in none, another stays where it is.',
    }),
    data: RecordData,
    dryRun: Type.Optional(
      Type.Boolean({ default: false, description: 'Answer as if it were done, and change nothing.' }),
    ),
  },
  { additionalProperties: false },
);
/** The record as it is now. */
export const VaultRecordPut = Type.Object({
  ...VaultRecord.properties,
  erased: Type.Array(Type.String(), {
    description: 'Labels (or types) of the fields that had a value and have none any more.',
  }),
});
export const VaultRecordPage = PageOf(VaultRecord);

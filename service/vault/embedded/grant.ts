import { KsmError } from '../../../contract/errors';
import type { SecretKind } from '../../../contract/types';
import { inPortions, mapInPortions } from '../../store/portions';
import type { GrantTable } from '../../store/schema/vault';
import { notFoundIn } from '../not-found';
import { grantExists } from '../refused';
import { timestamp } from '../timestamp';
import type { GrantVault, VaultGrant } from '../vault';
import { applicationKey, requireApplication } from './application-row';
import type { Context } from './context';
import { encrypt } from './crypto';
import { secretName } from './dependent';
import { findFolder, folderKey } from './folder';
import { findRecord, recordKey } from './record';

type GrantRow = Omit<GrantTable, 'position' | 'secret_key'> & {
  folder_name: Buffer | null;
  record_name: Buffer | null;
};

export function grantVault(context: Context): GrantVault {
  const { database, clock } = context;
  const get = async (applicationId: string, secretUid: string): Promise<VaultGrant> => {
    const [grant] = await readGrants(context, applicationId, secretUid);
    if (!grant) {
      throw notFoundIn('grant', applicationId, secretUid);
    }
    return grant;
  };
  return {
    get,

    put: ({ applicationId, secretUid, editable, kind, createOnly }) =>
      database.transaction(async () => {
        const appKey = await applicationKey(context, applicationId);
        const secret = await findSecret(context, secretUid, kind);
        const existing = await readGrants(context, applicationId, secretUid);
        if (existing[0]?.editable === editable) {
          return { grant: existing[0], outcome: 'unchanged' };
        }
        if (existing[0] && createOnly) {
          throw grantExists(existing[0], editable);
        }
        await database.db
          .insertInto('grants')
          .values({
            application_uid: applicationId,
            secret_uid: secretUid,
            kind: secret.kind,
            editable,
            secret_key: encrypt(appKey, secret.key),
            created_at: clock.now(),
          })
          .onConflict((conflict) => conflict.columns(['application_uid', 'secret_uid']).doUpdateSet({ editable }))
          .execute();
        const grant = await get(applicationId, secretUid);
        return existing[0]
          ? { grant, outcome: 'updated', before: { editable: existing[0].editable } }
          : { grant, outcome: 'created' };
      }),

    async list(applicationId) {
      await requireApplication(context, applicationId);
      return listGrants(context, applicationId);
    },

    async remove(applicationId, secretUid) {
      const { numDeletedRows } = await database.db
        .deleteFrom('grants')
        .where('application_uid', '=', applicationId)
        .where('secret_uid', '=', secretUid)
        .executeTakeFirst();
      if (numDeletedRows === 0n) {
        throw notFoundIn('grant', applicationId, secretUid);
      }
    },
  };
}

export const listGrants = (context: Context, applicationId: string): Promise<VaultGrant[]> =>
  readGrants(context, applicationId);

/** The grants of an application, or the one of `secretUid`. */
async function readGrants(context: Context, applicationId: string, secretUid?: string): Promise<VaultGrant[]> {
  const rows = await inPortions(
    (after: number | undefined, limit) =>
      context.database.db
        .selectFrom('grants')
        .leftJoin('folders', 'folders.uid', 'grants.secret_uid')
        .leftJoin('records', 'records.uid', 'grants.secret_uid')
        .select(['grants.position', 'application_uid', 'secret_uid', 'grants.kind', 'editable', 'created_at'])
        .select(['folders.sealed_name as folder_name', 'records.sealed_name as record_name'])
        .where('application_uid', '=', applicationId)
        .$if(secretUid !== undefined, (query) => query.where('secret_uid', '=', secretUid!))
        .where('grants.position', '>', after ?? 0)
        .orderBy('grants.position')
        .limit(limit)
        .execute(),
    ({ position }) => position,
  );
  return mapInPortions(rows, (row) => toGrant(context, row));
}

function toGrant(context: Context, row: GrantRow): VaultGrant {
  return {
    id: `${row.application_uid}/${row.secret_uid}`,
    applicationId: row.application_uid,
    secretUid: row.secret_uid,
    kind: row.kind,
    title: secretName(context, row),
    editable: Boolean(row.editable),
    createdAt: timestamp(row.created_at),
  };
}

/** What is to be granted, with its key. @throws KsmError `secret_not_found`, `not_a_folder`, `not_a_record` */
async function findSecret(
  context: Context,
  uid: string,
  expected: SecretKind | undefined,
): Promise<{ kind: SecretKind; key: Buffer }> {
  const folder = await findFolder(context, uid);
  if (folder?.parent_uid) {
    throw new KsmError(
      'not_a_folder',
      `${uid} is a folder inside the shared folder ${folder.shared_folder_uid}, and only whole shared folders can be granted. Grant ${folder.shared_folder_uid}, or single records.`,
    );
  }
  const record = folder ? undefined : await findRecord(context, uid);
  if (folder && expected === 'record') {
    throw new KsmError('not_a_record', `${uid} is a shared folder, not a record. Grant it as a shared folder.`);
  }
  if (record && expected === 'folder') {
    throw new KsmError('not_a_folder', `${uid} is a record, not a shared folder. Grant it as a record.`);
  }
  if (folder) {
    return { kind: 'folder', key: await folderKey(context, folder) };
  }
  if (record) {
    return { kind: 'record', key: await recordKey(context, record) };
  }
  throw new KsmError(
    'secret_not_found',
    `The vault has no shared folder or record ${uid}. Check the UID ("ksm-iac secret list" lists what there is), or make it in the vault first.`,
  );
}

import { KsmError } from '../../../contract/errors';
import { notFoundIn } from '../not-found';
import { OutcomeUnknown } from '../outcome-unknown';
import { grantExists } from '../refused';
import type { GrantPut, GrantVault, VaultGrant } from '../vault';
import type { AppInfo } from './account';
import type { Context } from './context';
import { complaint } from './reply';
import { commandText } from './text';

export const grantsOf = ({ uid, shares }: AppInfo): VaultGrant[] =>
  shares.map((share) => ({
    id: `${uid}/${share.uid}`,
    applicationId: uid,
    secretUid: share.uid,
    kind: share.kind,
    title: share.title,
    editable: share.editable,
    createdAt: null,
  }));

/** One secret a command, read before and after: success sentences say nothing of what was done. */
export function grantVault(context: Context): GrantVault {
  const { call, account } = context;

  const find = async (applicationId: string, secretUid: string): Promise<VaultGrant | undefined> =>
    grantsOf(await account.info(call, applicationId)).find((grant) => grant.secretUid === secretUid);

  return {
    async get(applicationId, secretUid) {
      const grant = await find(applicationId, secretUid);
      if (!grant) throw notFoundIn('grant', applicationId, secretUid);
      return grant;
    },

    list: async (applicationId) => grantsOf(await account.info(call, applicationId)),

    async put(input) {
      const { applicationId, secretUid, editable, createOnly } = input;
      account.changed('sync', `application ${applicationId}`);
      const before = await find(applicationId, secretUid);
      if (before?.editable === editable) return { grant: before, outcome: 'unchanged' };
      if (before && createOnly) throw grantExists(before, editable);
      await requireKind(context, input);
      const said = before
        ? await change(context, applicationId, 'update', rightOf(secretUid, editable), {
            grantedBefore: before.editable,
          })
        : await change(context, applicationId, 'add', { secret: secretUid, editable });
      const after = await find(applicationId, secretUid);
      if (!after && before) {
        await putBack(context, input, before.editable);
        throw new OutcomeUnknown('Keeper Commander took the grant away and could not make it anew.');
      }
      if (!after) throw await notGranted(context, input, said);
      if (after.editable !== editable) throw new OutcomeUnknown('Keeper Commander did not change the permission.');
      return before
        ? { grant: after, outcome: 'updated', before: { editable: before.editable } }
        : { grant: after, outcome: 'created' };
    },

    async remove(applicationId, secretUid) {
      if (!(await find(applicationId, secretUid))) throw notFoundIn('grant', applicationId, secretUid);
      await change(context, applicationId, 'remove', { secret: secretUid });
      if (await find(applicationId, secretUid)) {
        throw new OutcomeUnknown('Keeper Commander said that it removed the grant, which is still there.');
      }
    },
  };
}

const rightOf = (secret: string, editable: boolean) => ({ secret, [editable ? 'editable' : 'readonly']: true });

async function change(
  { call, account, client }: Context,
  applicationId: string,
  word: string,
  options: Record<string, string | boolean>,
  facts?: object,
): Promise<string> {
  const text = commandText(`secrets-manager share ${word}`, undefined, { app: applicationId, ...options });
  const reply = await client.change(call, text, facts);
  account.changed('sync', `application ${applicationId}`);
  return complaint(reply);
}

/** An update takes a grant away and makes it anew; its second half failed, so what was there before is put back. */
export async function putBack(context: Context, { applicationId, secretUid }: GrantPut, before: boolean) {
  await change(context, applicationId, 'add', { secret: secretUid, editable: before }, { grantedBefore: before });
}

/** @throws KsmError `secret_not_found`, `not_a_folder`, `not_a_record` */
async function requireKind({ call, account }: Context, { secretUid, kind }: GrantPut): Promise<void> {
  let secret = await account.secret(call, secretUid);
  if (!secret) {
    // The list may be of before somebody made it.
    account.changed('sync', 'secrets', `folder ${secretUid}`);
    secret = await account.secret(call, secretUid);
  }
  if (!secret) {
    const missing = await account.unlisted(call);
    const without =
      missing.length === 0 ? '' : ` (without ${missing.join(' and ')} on its allow-list it finds few folders)`;
    throw new KsmError(
      'secret_not_found',
      `The account of Keeper Commander has no shared folder or record ${secretUid}${without}. Check the UID ("ksm-iac secret list" lists what it has), and share it with that account.`,
    );
  }
  if (kind === undefined || secret.kind === kind) return;
  throw kind === 'folder'
    ? new KsmError('not_a_folder', `${secretUid} is a record, not a shared folder. Grant it as a record.`)
    : new KsmError('not_a_record', `${secretUid} is a shared folder, not a record. Grant it as a shared folder.`);
}

async function notGranted(
  { call, account }: Context,
  { secretUid, applicationId }: GrantPut,
  said: string,
): Promise<Error> {
  if (/Successfully added secrets/.test(said)) {
    const granted = new Set(grantsOf(await account.info(call, applicationId)).map((grant) => grant.secretUid));
    const parent = (await account.parentsOf(call, secretUid)).find((uid) => granted.has(uid));
    return new KsmError(
      'grant_inherited',
      `${secretUid} reaches the application ${applicationId} through ${parent === undefined ? 'a folder that it is in' : `the folder ${parent} that it is in`}, and is not granted by itself. Grant the parent or what is in it, not both.`,
    );
  }
  return new OutcomeUnknown('Keeper Commander did not grant the secret.');
}

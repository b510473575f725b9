import { KsmError } from '../../../contract/errors';
import type { Secret } from '../../../contract/types';
import { pageWithin } from '../page';
import type { SecretVault } from '../vault';
import type { ListedSecret } from './account';
import type { Context } from './context';

export function secretVault({ call, account }: Context): SecretVault {
  return {
    async find(uids) {
      const found: Secret[] = [];
      for (const uid of uids) {
        const known = await account.secret(call, uid);
        found.push(known ? toSecret(known) : { uid, kind: 'unknown', folderKind: null, name: null, path: null });
      }
      return found;
    },

    async list(request) {
      const missing = request.kind === 'record' ? [] : await account.unlisted(call);
      if (missing.length > 0) {
        throw new KsmError(
          'unsupported_by_vault',
          `This Keeper Commander does not list shared folders: ${missing.join(' and ')} is not on its allow-list. Name the folder by its UID, or use an install that allows it (docs/commander.md).`,
        );
      }
      const all = (await account.secrets(call))
        .filter(({ kind }) => request.kind === undefined || kind === request.kind)
        .filter(({ name }) => request.name === undefined || name === request.name)
        .filter(({ uid }) => request.only == null || request.only.includes(uid));
      return pageWithin(all, request, (secret) => toSecret(secret) as never);
    },
  };
}

/** Where it is, these lists do not tell. */
const toSecret = ({ uid, kind, folderKind, name }: ListedSecret): Secret => ({
  uid,
  kind,
  folderKind,
  name,
  path: null,
});

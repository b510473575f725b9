import type { Secret } from '../../../contract/types';
import { pageOf, positionOf } from '../page';
import type { SecretVault } from '../vault';
import type { ListedSecret } from './account';
import type { Context } from './context';

export function secretVault({ call, account }: Context): SecretVault {
  return {
    async find(uids) {
      const all = new Map((await account.secrets(call)).map((secret) => [secret.uid, secret]));
      return uids.map((uid) => {
        const known = all.get(uid);
        return known ? toSecret(known) : { uid, kind: 'unknown' as const, folderKind: null, name: null, path: null };
      });
    },

    async list(request) {
      const from = positionOf(request, 0);
      const rows = (await account.secrets(call))
        .filter(({ kind }) => request.kind === undefined || kind === request.kind)
        .filter(({ name }) => request.name === undefined || name === request.name)
        .filter(({ uid }) => request.only == null || request.only.includes(uid))
        .map((secret, index) => ({ ...secret, position: index + 1 }))
        .slice(from, from + request.limit + 1);
      return pageOf(rows, request, (secret) => toSecret(secret) as never);
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

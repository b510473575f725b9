import { KsmError } from '../../contract/errors';
import type { Page, Secret, SecretKind, SharedFolder } from '../../contract/types';
import type { PageRequest, Vault } from '../vault/vault';
import type { Caller } from './caller';
import { maySeeSecret, visibleSecrets } from './policy';
import type { Units } from './unit';

export interface SecretFilter {
  readonly name?: string | undefined;
  readonly kind?: SecretKind | undefined;
  readonly uid?: readonly string[] | undefined;
}

export function secretOperations(vault: Vault, units: Units) {
  /** What a token may not see is unknown to it, as what is not there. */
  const find = async ({ principal }: Caller, uids: readonly string[]): Promise<Secret[]> => {
    const found = await vault.secrets.find(uids.filter((uid) => maySeeSecret(principal, uid)));
    const known = new Map(found.map((secret) => [secret.uid, secret]));
    return uids.map((uid) => known.get(uid) ?? unknown(uid));
  };
  const list = async ({ principal }: Caller, request: PageRequest & SecretFilter) =>
    vault.secrets.list({ ...request, only: visibleSecrets(principal) });

  return {
    find: (caller: Caller, uid: string): Promise<Secret> =>
      units.read(caller, { action: 'secret.read' }, async () => (await find(caller, [uid]))[0]!),

    /** By their UIDs, in their order; or by name and kind, in pages. */
    list: (caller: Caller, { uid, ...request }: PageRequest & SecretFilter): Promise<Page<Secret>> =>
      units.read(caller, { action: 'secret.read' }, async () => {
        if (uid === undefined) {
          return list(caller, request);
        }
        if (request.name !== undefined || request.kind !== undefined) {
          throw besideUids();
        }
        return { items: await find(caller, uid) };
      }),

    sharedFolders: (caller: Caller, page: PageRequest & { name?: string | undefined }): Promise<Page<SharedFolder>> =>
      units.read(caller, { action: 'secret.read' }, async () => {
        const { items, ...rest } = await list(caller, { ...page, kind: 'folder' });
        return { items: items.filter((item) => item.kind === 'folder'), ...rest };
      }),
  };
}

const unknown = (uid: string): Secret => ({ uid, kind: 'unknown', folderKind: null, name: null, path: null });

function besideUids(): KsmError {
  const message = 'stands beside name or kind; expected UIDs alone, each of which is answered';
  return new KsmError('invalid_request', `The request is not valid: query/uid ${message}.`, {
    errors: [{ field: 'query/uid', message }],
  });
}

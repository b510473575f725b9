import { KsmError } from '../../contract/errors';
import type { Page, Secret, SecretKind, SharedFolder } from '../../contract/types';
import type { PageRequest } from '../vault/vault';
import type { Caller, Principal } from './caller';
import type { LivingVault } from './living-vault';
import { maySeeSecret, visibleSecrets } from './policy';
import type { Units } from './unit';

export interface SecretFilter {
  readonly name?: string | undefined;
  readonly kind?: SecretKind | undefined;
  readonly uid?: readonly string[] | undefined;
}

export function secretOperations(units: Units) {
  /** What a token may not see is unknown to it, as what is not there. */
  const find = async (vault: LivingVault, { principal }: Caller, uids: readonly string[]): Promise<Secret[]> => {
    const found = await vault.secrets.find(uids.filter((uid) => maySeeSecret(principal, uid)));
    const known = new Map(found.map((secret) => [secret.uid, told(principal, secret)]));
    return uids.map((uid) => known.get(uid) ?? unknown(uid));
  };
  const list = async (vault: LivingVault, { principal }: Caller, request: PageRequest & SecretFilter) => {
    const { items, ...rest } = await vault.secrets.list({ ...request, only: visibleSecrets(principal) });
    return { items: items.map((secret) => told(principal, secret)), ...rest };
  };

  return {
    find: (caller: Caller, uid: string): Promise<Secret> =>
      units.read(caller, { action: 'secret.read' }, async (vault) => (await find(vault, caller, [uid]))[0]!),

    /** By their UIDs, in their order; or by name and kind, in pages. */
    list: (caller: Caller, { uid, ...request }: PageRequest & SecretFilter): Promise<Page<Secret>> =>
      units.read(caller, { action: 'secret.read' }, async (vault) => {
        if (uid === undefined) {
          return list(vault, caller, request);
        }
        if (request.name !== undefined || request.kind !== undefined) {
          throw besideUids();
        }
        return { items: await find(vault, caller, uid) };
      }),

    sharedFolders: (caller: Caller, page: PageRequest & { name?: string | undefined }): Promise<Page<SharedFolder>> =>
      units.read(caller, { action: 'secret.read' }, async (vault) => {
        const { items, ...rest } = await list(vault, caller, { ...page, kind: 'folder' });
        return { items: items.filter((item) => item.kind === 'folder'), ...rest };
      }),
  };
}

/** A token that may see some secrets alone does not learn, from where a record lies, what others are called. */
const told = <S extends Secret>(principal: Principal, secret: S): S =>
  secret.kind === 'record' && visibleSecrets(principal) !== null ? { ...secret, path: null } : secret;

const unknown = (uid: string): Secret => ({ uid, kind: 'unknown', folderKind: null, name: null, path: null });

function besideUids(): KsmError {
  const message = 'stands beside name or kind; expected UIDs alone, each of which is answered';
  return new KsmError('invalid_request', `The request is not valid: query/uid ${message}.`, {
    errors: [{ field: 'query/uid', message }],
  });
}

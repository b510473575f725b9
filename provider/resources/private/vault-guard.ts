/**
 * One state, one vault: a resource notes the vault it was made in, and is not
 * read, changed or deleted in another. A production state on a staging
 * endpoint would issue everything anew and orphan the rest.
 */
import { ENV } from '../../../contract/api';
import {
  type Applied,
  type CallContext,
  type Diagnostic,
  type Gone,
  type MoveRequest,
  type ResourceDefinition,
  refusal,
  warningDiagnostic,
} from '../../framework';
import { decodeKept, type Kept } from './kept';
import type { KsmSession } from './session';

/** The definition with the vault checked before, and noted after, every call that reaches it. */
export function inOneVault(resource: ResourceDefinition<KsmSession, Kept>): ResourceDefinition<KsmSession, Kept> {
  const noted = async (applied: Applied<Kept>, before: Kept | undefined, session: KsmSession, call: CallContext) => {
    const { vaultId } = await session.info(call);
    return { ...applied, private: { ...before, ...applied.private, vaultId } };
  };
  return {
    ...resource,
    decodePrivate: decodeKept,

    create: async (request) => noted(await resource.create(request), undefined, request.session, request.call),

    async read(request): Promise<Applied<Kept> | Gone | null> {
      const { session, call, private: kept } = request;
      if (!(await isSameVault(session, call, kept))) {
        return { state: null, warnings: session.once('another vault', () => recreated(kept)) };
      }
      const found = await resource.read(request);
      return found?.state ? noted(found, kept, session, call) : found;
    },

    async update(request) {
      const { session, call, private: kept } = request;
      await requireSameVault(session, call, kept);
      return noted(await resource.update(request), kept, session, call);
    },

    async delete(request) {
      const { session, call, private: kept } = request;
      // In another vault there is nothing of it to delete.
      return ((await isSameVault(session, call, kept)) && (await resource.delete(request))) || {};
    },

    ...(resource.move && {
      async move(request: MoveRequest<KsmSession>) {
        const moved = await resource.move!(request);
        const { session, call } = request;
        return moved && session ? noted(moved, undefined, session, call) : moved;
      },
    }),

    async import(request) {
      const found = await resource.import(request);
      return found && noted(found, undefined, request.session, request.call);
    },
  };
}

async function requireSameVault(session: KsmSession, call: CallContext, kept: Kept | undefined): Promise<void> {
  if (!(await isSameVault(session, call, kept))) throw another(kept, (await session.info(call)).vaultId);
}

/** @throws DiagnosticError *This is another vault*, unless such a change is to be taken as "all gone" */
async function isSameVault(session: KsmSession, call: CallContext, kept: Kept | undefined): Promise<boolean> {
  const { vaultId } = await session.info(call);
  if (kept?.vaultId === undefined || kept.vaultId === vaultId) return true;
  if (session.vaultChange === 'recreate') return false;
  throw another(kept, vaultId);
}

function another(kept: Kept | undefined, vaultId: string) {
  return refusal(
    'This is another vault',
    `The state belongs to the vault ${kept?.vaultId}, and the vault behind the endpoint is ${vaultId}. Nothing was read or changed: in another vault everything would be made anew, and what exists in the first would be left without its state.

Check the endpoint and the workspace. If the first vault is gone for good, set vault_change = "recreate" in the provider's configuration (or ${ENV.vaultChange}=recreate) to have everything made in this one; or take single resources out of the state with "terraform state rm ADDRESS", which asks no provider. If this is the first vault and only its id was lost, restate it with "ksm-iac service start --vault-id ${kept?.vaultId}".`,
  );
}

function recreated(kept: Kept | undefined): Diagnostic {
  return warningDiagnostic(
    'Another vault: everything is made anew',
    `The state belongs to the vault ${kept?.vaultId}, and another one is behind the endpoint. vault_change is "recreate", which ksm-iac dev sets for its throw-away vaults, so what the state has is taken as gone. If that vault is still there, do not apply this: what it has would be left without a state.`,
  );
}

/** How items that have ended leave the vault and the notes of runs, each with an audit event. */

import { type Dependent, isKsmError } from '../../contract/errors';
import type { Database } from '../store/database';
import type { RunItemRow } from '../store/schema/service';
import type { Vault } from '../vault/port';
import type { AuditAction } from './audit-action';
import type { AuditActor, AuditTrail } from './audit-trail';
import type { Calls } from './calls';
import { forgetGeneration, forgetGenerations } from './grant-generation';
import { applicationOf, countBelow, forgetItems, isDead } from './run-item';

export type Ending = Pick<RunItemRow, 'item_id' | 'kind'>;

/** Why and by whom; `end` is what ends by itself, which devices and gateways alone do. */
export interface Cause {
  readonly actor: AuditActor;
  readonly verb: 'revoke' | 'end';
  readonly reason: string;
}

export interface Removal {
  /**
   * A few hundred at most, applications after what was in them. Of each kind the rows go when the vault has done it. An application in which
   * something is left stays, and becomes unsure: it may be adopted.
   *
   * @returns the ids of applications that stay
   */
  remove(items: readonly Ending[], cause: Cause): Promise<ReadonlySet<string>>;
  /** What is in an application that was deleted by `actor`: a few hundred at most, in the caller's transaction. */
  removeContents(contents: readonly Dependent[], actor: AuditActor): Promise<void>;
  /** How many have been removed since the start, by kind and verb. */
  readonly counts: ReadonlyMap<string, number>;
}

/** Why something was deleted that nobody named. */
export const WENT_ALONG = 'went with its application';

export function createRemoval(options: {
  vault: Vault;
  calls: Calls;
  database: Database;
  auditTrail: AuditTrail;
}): Removal {
  const { calls, database, auditTrail } = options;
  const counts = new Map<string, number>();
  const now = () => options.vault.during(calls.own());

  async function note(action: AuditAction, target: string, name: object, { actor, reason }: Cause) {
    counts.set(action, (counts.get(action) ?? 0) + 1);
    await auditTrail.done(actor, { action, target, reason, ...name });
  }

  async function removeClients(kind: 'client_device' | 'gateway', ids: readonly string[], cause: Cause) {
    const vault = now();
    const nouns = kind === 'gateway' ? vault.gateways : vault.devices;
    for (const applicationId of new Set(ids.map(applicationOf))) {
      const itemIds = ids.filter((id) => applicationOf(id) === applicationId);
      const clientIds = itemIds.map((id) => id.slice(applicationId.length + 1));
      const removed = await nouns.removeMany(applicationId, clientIds);
      await database.transaction(async () => {
        for (const { clientId, name } of removed) {
          await note(`${kind}.${cause.verb}`, `${applicationId}/${clientId}`, { name }, cause);
        }
        await forget(itemIds);
      });
    }
  }

  async function removeGrant(id: string, cause: Cause): Promise<void> {
    const [applicationId = '', secretUid = ''] = id.split('/');
    const vault = now();
    const grant = await found(vault.grants.get(applicationId, secretUid));
    if (grant) await vault.grants.remove(applicationId, secretUid);
    await database.transaction(async () => {
      if (grant) {
        await note('grant.revoke', id, { secretName: grant.title, before: { editable: grant.editable } }, cause);
      }
      await forgetGeneration(database.db, id);
      await forget([id]);
    });
  }

  async function removeApplication(id: string, cause: Cause): Promise<boolean> {
    const vault = now();
    const living = (await vault.applications.count(id)) - (await countBelow(database.db, id, isDead));
    if (living > 0) {
      await database.db.updateTable('run_items').set({ state: 'unsure' }).where('item_id', '=', id).execute();
      return false;
    }
    const application = await found(vault.applications.get(id));
    if (application) await vault.applications.remove(id, { force: true });
    await database.transaction(async () => {
      if (application) await note('application.revoke', id, { name: application.name }, cause);
      await forgetGenerations(database.db, id);
      await forgetItems(database.db, id);
    });
    return true;
  }

  async function forget(ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    await database.db.deleteFrom('run_items').where('item_id', 'in', ids).execute();
  }

  /** Whose audit event is that of the deletion of all of it. */
  async function removeContents(contents: readonly Dependent[], actor: AuditActor): Promise<void> {
    const vault = now();
    const partsOf = (kind: Dependent['kind']) =>
      contents.filter((item) => item.kind === kind).map(({ id }) => id.split('/') as [string, string]);
    for (const [kind, noun] of [
      ['client_device', vault.devices],
      ['gateway', vault.gateways],
    ] as const) {
      const parts = partsOf(kind);
      if (parts.length === 0) continue;
      const ids = parts.map(([, clientId]) => clientId);
      await noun.removeMany(parts[0]![0], ids);
    }
    for (const [applicationId, secretUid] of partsOf('grant')) {
      await vault.grants.remove(applicationId, secretUid);
      await forgetGeneration(database.db, `${applicationId}/${secretUid}`);
    }
    await forget(contents.map(({ id }) => id));
    const notes = contents.map(({ kind, id, name }) => ({
      action: `${kind}.delete` as const,
      target: id,
      name,
      reason: WENT_ALONG,
    }));
    await auditTrail.done(actor, ...notes);
  }

  return {
    counts,
    removeContents,
    async remove(items, cause) {
      const of = (kind: Ending['kind']) => items.filter((item) => item.kind === kind).map(({ item_id }) => item_id);
      for (const kind of ['client_device', 'gateway'] as const) {
        await removeClients(kind, of(kind), cause);
      }
      for (const id of of('grant')) {
        await removeGrant(id, cause);
      }
      const stay = new Set<string>();
      for (const id of of('application')) {
        if (!(await removeApplication(id, cause))) stay.add(id);
      }
      return stay;
    },
  };
}

async function found<T>(lookup: Promise<T>): Promise<T | undefined> {
  try {
    return await lookup;
  } catch (error) {
    if (isKsmError(error, 'application_not_found', 'grant_not_found')) return undefined;
    throw error;
  }
}

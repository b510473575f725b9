/**
 * What a reply of a vault over a network that was lost may have left, from the note of it to its end (port:
 * `vault/suspect.ts`). It is removed when nobody can redeem it any more, or by whoever names its id.
 */

import { isKsmError } from '../../contract/errors';
import type { Database } from '../store/database';
import type { Vault } from '../vault/port';
import type { NotedSuspect, Suspect, SuspectNotes, SuspectQuery } from '../vault/suspect';
import type { AuditTrail } from './audit-trail';
import type { Calls } from './calls';
import type { OpenIntent } from './change/journal';
import { ITEMS_A_PORTION } from './reaper';
import type { Cause, Removal } from './removal';
import { applicationOf } from './run-item';

export interface Suspects {
  /** Part of the caller's transaction. */
  note(open: OpenIntent, suspects: readonly Suspect[]): Promise<void>;
  /** In the order of their ids. */
  list(query: SuspectQuery): Promise<readonly NotedSuspect[]>;
  /** Removes those whose token has ended unredeemed. */
  endDue(stopped: () => boolean): Promise<void>;
  /** Removes these, used or not. @returns the ids of those that cannot be named to the vault */
  revoke(suspects: readonly NotedSuspect[], cause: Cause): Promise<ReadonlySet<string>>;
  /** Of these ids: somebody has them. */
  hold(ids: readonly string[]): Promise<void>;
  /** How many there are; undefined: the vault never leaves any. */
  count(): Promise<number | undefined>;
}

export function createSuspects(parts: {
  vault: Vault;
  calls: Calls;
  database: Database;
  auditTrail: AuditTrail;
  removal: Removal;
}): Suspects {
  const { vault, calls, database, auditTrail, removal } = parts;
  const notes: SuspectNotes | undefined = vault.suspects;

  async function remove(suspects: readonly NotedSuspect[], cause: Cause): Promise<void> {
    if (suspects.length === 0) return;
    const items = suspects.map(({ id, kind }) => ({ item_id: id, kind }));
    await removal.remove(items, cause);
    await notes!.forget(suspects.map(({ id }) => id));
  }

  /** Of these, all in one application, those that somebody has used, and those that are not there any more. */
  async function look(applicationId: string, suspects: readonly NotedSuspect[]) {
    const { devices, gateways } = vault.during(calls.own());
    const has = (kind: Suspect['kind']) => suspects.some((suspect) => suspect.kind === kind);
    const found = new Map<string, { readonly firstAccessAt: string | null }>();
    try {
      for (const device of has('client_device') ? await devices.list(applicationId) : []) found.set(device.id, device);
      for (const gateway of has('gateway') ? await gateways.list(applicationId) : []) found.set(gateway.id, gateway);
    } catch (error) {
      if (!isKsmError(error, 'application_not_found')) throw error;
    }
    const used = suspects.filter(({ id }) => found.get(id)?.firstAccessAt != null);
    return { used, unused: suspects.filter((suspect) => !used.includes(suspect)) };
  }

  async function endIn(applicationId: string, suspects: readonly NotedSuspect[]): Promise<void> {
    const listed = suspects.filter(({ isListed }) => isListed);
    const { used, unused } = listed.length > 0 ? await look(applicationId, listed) : { used: [], unused: [] };
    await notes!.keep(used.map(({ id }) => id));
    await remove(unused, ENDED);
    const unlisted = suspects.filter(({ isListed }) => !isListed);
    await database.transaction(async () => {
      for (const { id, name } of unlisted) {
        await auditTrail.done(ENDED.actor, { action: 'gateway.end', target: id, name, reason: UNLISTED });
      }
      await notes!.forget(unlisted.map(({ id }) => id));
    });
  }

  return {
    async note({ caller, intent }, suspects) {
      if (!notes) throw new TypeError('A vault that has suspects keeps notes of them');
      const { operationId, step } = intent;
      const facts = { operationId, principal: caller.principal.name, runId: caller.runId ?? null };
      await notes.put(suspects.map((suspect) => ({ ...suspect, ...facts })));
      const events = suspects.map(({ id, name }) => ({
        action: 'operation.suspected' as const,
        target: id,
        name,
        reason: `${step.name}: the reply was lost, and nobody can tell whether this is what it made`,
      }));
      await auditTrail.done({ kind: 'token', caller }, ...events);
    },

    list: async (query) => (notes ? notes.list(query) : []),

    async endDue(stopped) {
      if (!notes) return;
      while (!stopped()) {
        const due = await notes.due(ITEMS_A_PORTION);
        for (const id of new Set(due.map((suspect) => applicationOf(suspect.id)))) {
          await endIn(
            id,
            due.filter((suspect) => applicationOf(suspect.id) === id),
          );
        }
        if (due.length < ITEMS_A_PORTION) return;
      }
    },

    async revoke(suspects, cause) {
      await remove(
        suspects.filter(({ isListed }) => isListed),
        cause,
      );
      return new Set(suspects.flatMap(({ id, isListed }) => (isListed ? [] : [id])));
    },

    async hold(ids) {
      await notes?.forget(ids);
    },

    count: async () => notes?.count(),
  };
}

const ENDED: Cause = {
  actor: { kind: 'system' },
  verb: 'end',
  reason: 'the reply to a command was lost, and its one-time token expired before anybody redeemed it',
};

const UNLISTED =
  'the reply to a command was lost, and its one-time token has expired; what is left of it, Keeper lists nowhere';

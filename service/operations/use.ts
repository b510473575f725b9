/**
 * Whether what runs left behind is in somebody's hands after all. Of the embedded vault the service hears when a
 * credential is used, and the note of the item goes with it (`redemption.ts`); any other is asked.
 */

import type { Database } from '../store/database';
import type { Use, Vault } from '../vault/port';
import type { Calls } from './calls';
import type { Ending } from './removal';
import { applicationOf } from './run-item';

export interface Uses {
  /** What nobody has used and nobody can redeem any more, and what still can be redeemed. The used is held from then on. */
  sort<T extends Ending>(items: readonly T[]): Promise<{ readonly unused: T[]; readonly open: T[] }>;
  /** Whether it is used, as far as that was read a little earlier. */
  isUsed(item: Ending): Promise<boolean>;
}

export function createUses({ vault, calls, database }: { vault: Vault; calls: Calls; database: Database }): Uses {
  const { usesIn } = vault;

  async function lookAt(items: readonly Ending[], fresh: boolean): Promise<ReadonlyMap<string, Use>> {
    const uses = new Map<string, Use>();
    const clients = items.filter(({ kind }) => kind === 'client_device' || kind === 'gateway');
    for (const applicationId of new Set(clients.map(({ item_id }) => applicationOf(item_id)))) {
      const ids = clients.flatMap(({ item_id: id }) =>
        applicationOf(id) === applicationId ? [id.slice(applicationId.length + 1)] : [],
      );
      for (const [id, use] of await usesIn!(calls.own(), applicationId, ids, fresh)) {
        uses.set(`${applicationId}/${id}`, use);
      }
    }
    return uses;
  }

  return {
    async sort(items) {
      if (!usesIn) return { unused: [...items], open: [] };
      const uses = await lookAt(items, true);
      const of = (use: Use) => items.filter(({ item_id }) => uses.get(item_id) === use);
      const used = of('used').map(({ item_id }) => item_id);
      if (used.length > 0) await database.db.deleteFrom('run_items').where('item_id', 'in', used).execute();
      return { unused: items.filter(({ item_id }) => (uses.get(item_id) ?? 'over') === 'over'), open: of('open') };
    },

    isUsed: async (item) => usesIn !== undefined && (await lookAt([item], false)).get(item.item_id) === 'used',
  };
}

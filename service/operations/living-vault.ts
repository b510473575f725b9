/**
 * The vault as the operations see it: without what is dead and waits for its
 * removal. What the reaper has not reached yet is told to nobody, counts for
 * nothing and stands in nobody's way.
 */

import type { Database } from '../store/database';
import { applicationNotFound, notFoundIn } from '../vault/not-found';
import type { Vault } from '../vault/vault';
import type { Reaper } from './reaper';
import { deadAmong, deadIn } from './run-item';

interface Identified {
  readonly id: string;
}

export function livingVault(vault: Vault, { database, reaper }: { database: Database; reaper: Reaper }): Vault {
  const isDead = async (id: string) => (await deadAmong(database.db, [id])).size > 0;

  async function requireLiving(applicationId: string): Promise<void> {
    if (await isDead(applicationId)) throw applicationNotFound(applicationId);
  }

  /** What is alive in an application. @throws KsmError `application_not_found` for a dead one */
  async function sieve(applicationId: string): Promise<<T extends Identified>(items: readonly T[]) => T[]> {
    const dead = await deadIn(database.db, applicationId);
    if (dead.has(applicationId)) throw applicationNotFound(applicationId);
    return (items) => items.filter(({ id }) => !dead.has(id));
  }

  /** What a device, gateway and grant have in common. */
  const seen = <T extends Identified, N extends Seen<T>>(kind: 'device' | 'gateway' | 'grant', noun: N) => ({
    ...noun,
    async get(applicationId: string, id: string): Promise<T> {
      const found = await noun.get(applicationId, id);
      if (await isDead(found.id)) {
        await requireLiving(applicationId);
        throw notFoundIn(kind, applicationId, id);
      }
      return found;
    },
    async list(applicationId: string): Promise<T[]> {
      return (await sieve(applicationId))(await noun.list(applicationId));
    },
  });

  /** A name that a dead application has is given away. */
  async function freeName(name: string): Promise<void> {
    const holder = await vault.applications.holderOf(name);
    if (holder && (await isDead(holder.id))) await reaper.freeNameOf(holder.id);
  }

  const devices = seen('device', vault.devices);
  const gateways = seen('gateway', vault.gateways);
  return {
    ...vault,
    applications: {
      ...vault.applications,
      async create(input) {
        await freeName(input.name);
        return vault.applications.create(input);
      },
      async rename(id, name) {
        await freeName(name);
        return vault.applications.rename(id, name);
      },
      async get(id) {
        await requireLiving(id);
        return vault.applications.get(id);
      },
      async holderOf(name) {
        const holder = await vault.applications.holderOf(name);
        return holder && (await isDead(holder.id)) ? undefined : holder;
      },
      async snapshot(id, include) {
        const snapshot = await vault.applications.snapshot(id, include);
        const alive = await sieve(id);
        return {
          ...snapshot,
          ...(snapshot.grants && { grants: alive(snapshot.grants) }),
          ...(snapshot.devices && { devices: alive(snapshot.devices) }),
          ...(snapshot.gateways && { gateways: alive(snapshot.gateways) }),
        };
      },
      async list(page) {
        const found = await vault.applications.list(page);
        const ids = found.items.map(({ id }) => id);
        const dead = await deadAmong(database.db, ids);
        return { ...found, items: found.items.filter(({ id }) => !dead.has(id)) };
      },
    },
    grants: {
      ...seen('grant', vault.grants),
      async put(input) {
        await requireLiving(input.applicationId);
        await reaper.removeDead(`${input.applicationId}/${input.secretUid}`, 'grant');
        return vault.grants.put(input);
      },
    },
    devices: {
      ...devices,
      async create(input) {
        await requireLiving(input.applicationId);
        return vault.devices.create(input);
      },
    },
    gateways: {
      ...gateways,
      async create(input) {
        await requireLiving(input.applicationId);
        return vault.gateways.create(input);
      },
    },
  };
}

interface Seen<T> {
  get(applicationId: string, id: string): Promise<T>;
  list(applicationId: string): Promise<T[]>;
}

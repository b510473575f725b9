/**
 * The vault as the operations see it: without what is dead and waits for its
 * removal. What the reaper has not reached yet is told to nobody, counts for
 * nothing and stands in nobody's way.
 */

import type { Database } from '../store/database';
import { ROWS_A_PORTION } from '../store/portions';
import type { Call } from '../vault/call';
import { applicationNotFound, notFoundIn } from '../vault/not-found';
import type { Vault } from '../vault/port';
import type { ApplicationVault, ClientDeviceVault, GatewayVault, GrantVault, VaultNouns } from '../vault/vault';
import type { Reaper } from './reaper';
import { deadAmong, deadIn } from './run-item';

interface Identified {
  readonly id: string;
}

/** Looks alone: a change is a step (`change/mutation.ts`). */
export interface LivingVault extends Pick<VaultNouns, 'secrets' | 'content' | 'requireName'> {
  readonly applications: Pick<
    ApplicationVault,
    'get' | 'holderOf' | 'snapshot' | 'list' | 'contents' | 'requireEmpty' | 'count'
  >;
  readonly grants: Pick<GrantVault, 'get' | 'list'>;
  readonly devices: Pick<ClientDeviceVault, 'get' | 'list'>;
  readonly gateways: Pick<GatewayVault, 'get' | 'list'>;
  /**
   * Reads of one application that fit together: with the embedded vault all of them are of one moment, however much
   * there is; a vault over a network answers a snapshot as of one moment by itself.
   */
  consistently<T>(applicationId: string, reads: () => Promise<T>): Promise<T>;
  /** @throws KsmError `application_not_found` for one that is dead. Whether there is one, the vault says. */
  requireLiving(applicationId: string): Promise<void>;
  /** Before an application takes this name: a dead one that has it gives it away. */
  freeName(name: string): Promise<void>;
  /** Before a grant is made: a dead one is removed. */
  freeGrant(applicationId: string, secretUid: string): Promise<void>;
}

export interface LivingVaults {
  during(call: Call): LivingVault;
}

export function livingVaults(vault: Vault, parts: { database: Database; reaper: Reaper }): LivingVaults {
  const { transactional } = vault;
  return { during: (call) => livingVault(vault.during(call), { ...parts, transactional }) };
}

function livingVault(
  vault: VaultNouns,
  parts: { database: Database; reaper: Reaper; transactional: boolean },
): LivingVault {
  const { database, reaper, transactional } = parts;
  const isDead = async (id: string) => (await deadAmong(database.db, [id])).size > 0;

  async function requireLiving(applicationId: string): Promise<void> {
    if (await isDead(applicationId)) throw applicationNotFound(applicationId);
  }

  /** What is alive in an application. @throws KsmError `application_not_found` for a dead one */
  async function sieve(applicationId: string): Promise<<T extends Identified>(items: readonly T[]) => T[]> {
    await requireLiving(applicationId);
    const dead = await deadIn(database.db, applicationId);
    return (items) => (dead.size === 0 ? [...items] : items.filter(({ id }) => !dead.has(id)));
  }

  // Opening a second connection is not worth it for what is read in one go.
  const consistently: LivingVault['consistently'] = async (applicationId, reads) =>
    transactional && (await vault.applications.count(applicationId)) > ROWS_A_PORTION
      ? database.reading(reads)
      : reads();

  /** What a device, gateway and grant have in common. */
  const seen = <T extends Identified>(kind: 'device' | 'gateway' | 'grant', noun: Seen<T>): Seen<T> => ({
    async get(applicationId, id) {
      const found = await noun.get(applicationId, id);
      if (await isDead(found.id)) {
        await requireLiving(applicationId);
        throw notFoundIn(kind, applicationId, id);
      }
      return found;
    },
    list: (applicationId) =>
      consistently(applicationId, async () => (await sieve(applicationId))(await noun.list(applicationId))),
  });

  return {
    secrets: vault.secrets,
    content: vault.content,
    requireName: vault.requireName,
    requireLiving,
    consistently,
    async freeName(name) {
      const holder = await vault.applications.holderOf(name);
      if (holder && (await isDead(holder.id))) await reaper.freeNameOf(holder.id);
    },
    freeGrant: (applicationId, secretUid) => reaper.removeDead(`${applicationId}/${secretUid}`, 'grant'),
    applications: {
      ...vault.applications,
      async get(id) {
        await requireLiving(id);
        return vault.applications.get(id);
      },
      async holderOf(name) {
        const holder = await vault.applications.holderOf(name);
        return holder && (await isDead(holder.id)) ? undefined : holder;
      },
      async snapshot(id, include) {
        await requireLiving(id);
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
    grants: seen('grant', vault.grants),
    devices: seen('device', vault.devices),
    gateways: seen('gateway', vault.gateways),
  };
}

interface Seen<T> {
  get(applicationId: string, id: string): Promise<T>;
  list(applicationId: string): Promise<T[]>;
}

import { type Dependent, KsmError } from '../../../contract/errors';
import type { Application, ApplicationPart } from '../../../contract/types';
import { matches } from '../../pattern';
import { applicationNotFound } from '../not-found';
import { OutcomeUnknown } from '../outcome-unknown';
import { pageWithin } from '../page';
import { applicationExists, applicationNotEmpty } from '../refused';
import { optionalTimestamp, timestamp } from '../timestamp';
import type { ApplicationVault, VaultSnapshot } from '../vault';
import { type ListedApplication, notUnderstood } from './account';
import { devicesOf } from './client-device';
import type { Context } from './context';
import { gatewaysOf } from './gateway';
import { grantsOf } from './grant';
import { complaint, type Reply, says } from './reply';
import { commandText, requireTitle } from './text';

/** Of one in so many, the UID that Commander draws begins with a dash: then another is drawn. */
const UID_ATTEMPTS = 3;

export function applicationVault(context: Context): ApplicationVault {
  const { call, account, clock, notes } = context;

  async function requireFree(name: string, except?: string): Promise<void> {
    const taken = await holderOf(context, name);
    if (taken && taken.uid !== except) throw applicationExists({ id: taken.uid, name: taken.name }, name);
  }

  async function dependentsOf(id: string): Promise<Dependent[]> {
    const info = await account.info(call, id);
    const live = <T extends { status: string }>(clients: readonly T[]) =>
      clients.filter(({ status }) => status === 'pending' || status === 'active');
    const named = (kind: Dependent['kind']) => (item: { id: string; name: string }) => ({
      kind,
      id: item.id,
      name: item.name,
    });
    return [
      ...grantsOf(info).map(({ id: grant, title }) => ({ kind: 'grant' as const, id: grant, name: title })),
      ...live(await devicesOf(context, info)).map(named('client_device')),
      ...live(await gatewaysOf(context, id)).map(named('gateway')),
    ];
  }

  return {
    async create({ name }) {
      requireTitle(name);
      for (let attempt = 1; ; attempt++) {
        // Its own check for a name that is taken looks at its copy of the vault.
        account.changed('sync', 'applications');
        await requireFree(name);
        const uid = await createOnce(context, name);
        if (!uid.startsWith('-')) {
          const createdAt = clock.now();
          await notes.made(uid, createdAt);
          return { id: uid, name, createdAt: timestamp(createdAt) };
        }
        await removeBy(context, name);
        if (attempt === UID_ATTEMPTS) {
          throw new KsmError(
            'vault_unavailable',
            `Keeper Commander drew a UID with a dash first ${UID_ATTEMPTS} times, which its commands cannot address. Try again.`,
          );
        }
      }
    },

    async get(id) {
      return toApplication(await account.info(call, id), await notes.madeAt(id));
    },

    async holderOf(name) {
      const holder = await holderOf(context, name);
      return holder && toApplication(holder, await notes.madeAt(holder.uid));
    },

    async snapshot(id, include) {
      const info = await account.info(call, id);
      const snapshot: VaultSnapshot = toApplication(info, await notes.madeAt(id));
      if (info.otherUsers > 0) snapshot.sharedWithUsers = info.otherUsers;
      const has = (part: ApplicationPart) => include.has(part);
      if (has('grants')) snapshot.grants = grantsOf(info);
      if (has('devices')) snapshot.devices = await devicesOf(context, info);
      if (has('gateways')) {
        try {
          snapshot.gateways = await gatewaysOf(context, id);
        } catch (error) {
          // Unknown is not gone: the rest is told.
          if (!(error instanceof KsmError) || error.code !== 'vault_unavailable') throw error;
          snapshot.unavailable = ['gateways'];
          snapshot.unavailableReason = error.detail;
        }
      }
      return snapshot;
    },

    async list(request) {
      const all = (await account.applications(call))
        .filter(({ name }) => request.name === undefined || name === request.name)
        .filter(({ name }) => request.only == null || request.only.some((pattern) => matches(pattern, name)));
      const made = await notes.allMade();
      return pageWithin(all, request, (one) => toApplication(one, made.get(one.uid) ?? null));
    },

    async rename(id, name) {
      requireTitle(name);
      const before = await account.info(call, id);
      account.changed('sync', 'applications', `application ${id}`);
      await requireFree(name, id);
      const address = await account.addressOf(call, id);
      const text = commandText('secrets-manager app update', address, { name, format: 'json' });
      const reply = await context.client.change(call, text);
      account.changed('sync', 'applications', `application ${id}`);
      if (!JSON.stringify(reply.data ?? null).includes('successfully renamed')) {
        if (complaint(reply).includes('not found')) throw applicationNotFound(id);
        const now = await account.info(call, id);
        if (now.name !== name) throw notUnderstood(`app update (the title is "${now.name}")`, reply);
      }
      return toApplication({ ...before, name }, await notes.madeAt(id));
    },

    async contents(id, limit) {
      const info = await account.info(call, id);
      const devices = await devicesOf(context, info);
      const gateways = await gatewaysOf(context, id).catch(() => []);
      return [
        ...devices.map((device) => ({ kind: 'client_device' as const, id: device.id, name: device.name })),
        ...gateways.map((gateway) => ({ kind: 'gateway' as const, id: gateway.id, name: gateway.name })),
        ...info.shares.map(({ uid }) => ({ kind: 'grant' as const, id: `${id}/${uid}`, name: null })),
      ].slice(0, limit);
    },

    async requireEmpty(id) {
      const { name } = await account.info(call, id);
      const dependents = await dependentsOf(id);
      if (dependents.length === 0) return;
      const count = (kind: Dependent['kind']) => dependents.filter((item) => item.kind === kind).length;
      const counts = { grant: count('grant'), client_device: count('client_device'), gateway: count('gateway') };
      throw applicationNotEmpty({ id, name }, counts, dependents);
    },

    async remove(id, { force }) {
      if (!force) await this.requireEmpty(id);
      await account.info(call, id);
      await removeBy(context, await account.addressOf(call, id));
      account.changed('sync', 'applications', `application ${id}`);
      if (!(await isGone(context, id))) {
        throw new OutcomeUnknown('Keeper Commander said that it removed the application, which is still there.');
      }
    },

    async count(id) {
      const info = await account.find(call, id);
      if (!info) return 0;
      return info.shares.length + info.devices.length + (await context.notes.in(id, 'gateway')).length;
    },
  };
}

/** After a removal of ours: one that is gone by that is no sign of another account. */
export async function isGone({ call, account, notes, suspects }: Context, id: string): Promise<boolean> {
  const madeAt = await notes.madeAt(id);
  await notes.unmade(id);
  const left = await account.find(call, id);
  if (!left) {
    await notes.forgetApplication(id);
    await suspects.forgetApplication(id);
    return true;
  }
  if (madeAt !== null) await notes.made(id, madeAt);
  return false;
}

/** Names clash in any letter case. */
const holderOf = async ({ call, account }: Context, name: string): Promise<ListedApplication | undefined> =>
  (await account.applications(call)).find((known) => known.name.toLowerCase() === name.toLowerCase());

async function createOnce(context: Context, name: string): Promise<string> {
  const { call, account, client } = context;
  const reply = await client.change(call, commandText('secrets-manager app create', name, { format: 'json' }));
  account.changed('sync', 'applications');
  const uid = createdUid(reply);
  if (uid !== undefined) return uid;
  if (complaint(reply).includes('already exists')) {
    const taken = await holderOf(context, name);
    if (taken) throw applicationExists({ id: taken.uid, name: taken.name }, name);
  }
  throw new OutcomeUnknown('Keeper Commander did not say whether it made the application.');
}

/** Of the application that this reply says was made. */
export function createdUid({ data }: Reply): string | undefined {
  return typeof data === 'object' && data !== null && 'app_uid' in data && typeof data.app_uid === 'string'
    ? data.app_uid
    : undefined;
}

async function removeBy({ call, client }: Context, address: string): Promise<void> {
  const reply = await client.change(call, commandText('secrets-manager app remove', address, { force: true }));
  if (says(reply, 'Removed Application uid:')) return;
  if (/not found|list index out of range/.test(complaint(reply))) return;
  throw new OutcomeUnknown('Keeper Commander did not say whether it removed the application.');
}

/** When one was made that others made, Keeper does not tell. */
const toApplication = ({ uid, name }: ListedApplication, madeAt: number | null): Application => ({
  id: uid,
  name,
  createdAt: optionalTimestamp(madeAt),
});

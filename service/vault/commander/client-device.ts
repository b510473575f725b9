import type { ClientDevice, DeviceStatus } from '../../../contract/types';
import { notFoundIn } from '../not-found';
import { OutcomeUnknown } from '../outcome-unknown';
import { optionalTimestamp, timestamp } from '../timestamp';
import type { ClientDeviceVault, IssuedDevice, NewClientDevice, Removed } from '../vault';
import type { AppInfo } from './account';
import type { Context } from './context';
import { clientIdIn, credentialIn, hostnameIn } from './credential';
import type { Reply } from './reply';
import { CERTAIN_MS } from './suspects';
import { commandText } from './text';
import { MINUTE_MS, tokenEnd } from './time';

/** So many full ids fit into a command. */
const CLIENTS_A_COMMAND = 40;

/** With what Keeper does not tell: when an unused token ends. */
export async function devicesOf(
  { notes, clock, account }: Context,
  { uid, devices }: AppInfo,
): Promise<ClientDevice[]> {
  const own = new Map((await notes.in(uid, 'device')).map((row) => [row.client_id, row]));
  const now = clock.now();
  const times = devices.flatMap(({ clientId, createdAt }) => {
    const noted = own.get(clientId)?.created_at;
    return noted === undefined ? [] : [{ told: createdAt, noted }];
  });
  if (times.length > 0) {
    account.compareTimes(times.reduce((newest, one) => (one.noted > newest.noted ? one : newest)));
  }
  return devices.map((device) => {
    const note = own.get(device.clientId);
    const ends = note?.token_expires_at ?? null;
    const isLapsed = device.firstAccessAt === null && ends !== null && ends + CERTAIN_MS <= now;
    const accessEnds = device.accessExpiresAt === null ? null : (note?.access_expires_at ?? device.accessExpiresAt);
    const hasEnded = accessEnds !== null && accessEnds <= now && !account.timesAreOff();
    const status: DeviceStatus = hasEnded
      ? 'ended'
      : isLapsed
        ? 'lapsed'
        : device.firstAccessAt === null
          ? 'pending'
          : 'active';
    return {
      id: `${uid}/${device.clientId}`,
      applicationId: uid,
      clientId: device.clientId,
      name: device.name,
      hostname: note?.hostname ?? null,
      status,
      lapsed: hasEnded ? 'access' : isLapsed ? 'token' : null,
      createdAt: timestamp(note?.created_at ?? device.createdAt),
      tokenExpiresAt: optionalTimestamp(ends),
      accessExpiresAt: optionalTimestamp(accessEnds),
      firstAccessAt: optionalTimestamp(device.firstAccessAt),
      lastAccessAt: optionalTimestamp(device.lastAccessAt),
      ipLock: device.ipLock,
      ipAddress: device.ipAddress,
    };
  });
}

export function clientDeviceVault(context: Context): ClientDeviceVault {
  const { call, account, client, notes, suspects } = context;
  const all = async (applicationId: string) => devicesOf(context, await account.info(call, applicationId));

  return {
    async create(input) {
      const before = (await account.info(call, input.applicationId)).devices.map(({ clientId }) => clientId);
      const { name, applicationId, initialization = 'token' } = input;
      const text = commandText('secrets-manager client add', undefined, {
        app: applicationId,
        name,
        'unlock-ip': !input.ipLock,
        'first-access-expires-in-min': input.tokenExpiresInMinutes,
        'access-expire-in-min': input.accessExpiresInMinutes,
        'config-init': initialization === 'config' ? 'b64' : undefined,
        'return-tokens': true,
      });
      const reply = await client.change(call, text, { before });
      account.changed(`application ${applicationId}`);
      return issuedDevice(context, input, reply, reply.sentAt);
    },

    async get(applicationId, clientId) {
      const info = await account.find(call, applicationId);
      const device = info && (await devicesOf(context, info)).find((known) => known.clientId === clientId);
      if (!device) throw notFoundIn('device', applicationId, clientId);
      return device;
    },

    list: all,

    async remove(applicationId, clientId) {
      account.changed(`application ${applicationId}`);
      const removed = await removeClients(context, applicationId, [clientId]);
      if (removed.length === 0) throw notFoundIn('device', applicationId, clientId);
      await notes.forget([clientId]);
      await suspects.forget([`${applicationId}/${clientId}`]);
    },

    async removeMany(applicationId, clientIds) {
      account.changed(`application ${applicationId}`);
      const removed = await removeClients(context, applicationId, clientIds);
      await notes.forget(clientIds);
      return removed;
    },
  };
}

/** What was issued by a reply; also by one that was fetched later. */
export async function issuedDevice(
  context: Context,
  input: NewClientDevice,
  reply: Reply,
  sentAt: number,
): Promise<IssuedDevice> {
  const { notes } = context;
  const { applicationId, name, ipLock, initialization = 'token' } = input;
  const credential = credentialIn(reply, initialization);
  if (!credential) throw new OutcomeUnknown('Keeper Commander did not hand out what it was asked for.');
  const clientId = clientIdIn(credential);
  const hostname = hostnameIn(credential);
  const ends = tokenEnd(input, sentAt, context.clock.now());
  const access = input.accessExpiresInMinutes;
  const accessEnds = access === undefined ? null : sentAt + access * MINUTE_MS;
  await notes.put({
    client_id: clientId,
    application_id: applicationId,
    kind: 'device',
    name,
    initialization,
    hostname,
    created_at: sentAt,
    token_expires_at: ends,
    access_expires_at: accessEnds,
    gateway_uid: null,
    other_uids: null,
  });
  return {
    id: `${applicationId}/${clientId}`,
    applicationId,
    clientId,
    name,
    hostname,
    status: initialization === 'config' ? 'active' : 'pending',
    lapsed: null,
    createdAt: timestamp(sentAt),
    tokenExpiresAt: optionalTimestamp(ends),
    accessExpiresAt: optionalTimestamp(accessEnds),
    firstAccessAt: null,
    lastAccessAt: null,
    ipLock,
    ipAddress: null,
    ...credential,
  };
}

/** By their full ids, and read back: of those that were there, whoever is there no more is removed. */
export async function removeClients(
  { call, account, client }: Context,
  applicationId: string,
  clientIds: readonly string[],
): Promise<Removed> {
  const info = await account.find(call, applicationId);
  const there = (info?.devices ?? []).filter(({ clientId }) => clientIds.includes(clientId));
  for (let start = 0; start < there.length; start += CLIENTS_A_COMMAND) {
    const ids = there.slice(start, start + CLIENTS_A_COMMAND).map(({ clientId }) => clientId);
    const options = { app: applicationId, client: ids, force: true };
    await client.change(call, commandText('secrets-manager client remove', undefined, options));
  }
  if (there.length === 0) return [];
  account.changed(`application ${applicationId}`);
  const left = new Set((await account.info(call, applicationId)).devices.map(({ clientId }) => clientId));
  if (there.some(({ clientId }) => left.has(clientId))) {
    throw new OutcomeUnknown('Keeper Commander said that it removed a device, which is still there.');
  }
  return there.map(({ clientId, name }) => ({ clientId, name }));
}

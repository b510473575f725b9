/** What has become of a command whose outcome nobody noted, by its result or by what there is. */

import { isKsmError, KsmError } from '../../../contract/errors';
import { TOKEN_EXPIRES_MAX_MINUTES } from '../../../contract/limits';
import type { Intent, ReadBack, Step } from '../step';
import type { Suspect } from '../suspect';
import { timestamp } from '../timestamp';
import type { AppDevice } from './account';
import { applicationVault, createdUid, isGone } from './application';
import { COMMAND_MAX_MS, type Progress } from './client';
import { devicesOf, issuedDevice } from './client-device';
import type { Context } from './context';
import { credentialIn } from './credential';
import { gatewaysOf, issuedGateway } from './gateway';
import { grantVault, putBack } from './grant';
import { complaint, type Reply } from './reply';
import type { ClientNoteRow } from './tables';
import { MINUTE_MS } from './time';

interface Noted extends Progress {
  /** Of a creation with a credential: the ids that there were. */
  readonly before?: readonly string[];
  /** Of a grant that is changed: whether it was editable. */
  readonly grantedBefore?: boolean;
}

/** Whoever waits for a command that may still run asks again so soon at least. */
const ASK_AGAIN_SECONDS = 30;

export async function readBack(context: Context, intent: Intent): Promise<ReadBack> {
  const { call, account } = context;
  const { step } = intent;
  const noted = intent.progress as Noted | undefined;
  // It was not sent.
  if (!noted) return { effect: 'none' };
  requireEnded(context, noted);
  account.changed('sync', 'applications', 'gateways', `application ${placeOf(step.input)}`);
  // The queue is first in, first out: what is read here comes after the command.
  await account.synced(call);
  switch (step.name) {
    case 'application.create': {
      const reply = await resultOf(context, noted);
      if (reply && complaint(reply).includes('already exists')) return { effect: 'none' };
      const made = reply && createdUid(reply);
      const all = await account.applications(call);
      const holder = all.find(({ uid, name }) => (made === undefined ? name === step.input.name : uid === made));
      if (!holder) return { effect: 'none' };
      // Its name was free when the command was sent; what has something in it is somebody else's by now.
      if (made === undefined && !(await isEmpty(context, holder.uid))) return { effect: 'none' };
      await context.notes.made(holder.uid, noted.sentAt);
      return { effect: 'done', result: { id: holder.uid, name: holder.name, createdAt: timestamp(noted.sentAt) } };
    }
    case 'application.rename': {
      const application = await applicationVault(context).get(step.input.id);
      return application.name === step.input.name ? { effect: 'done', result: application } : { effect: 'none' };
    }
    case 'application.remove':
      return (await isGone(context, step.input.id)) ? { effect: 'done', result: null } : { effect: 'none' };
    case 'grant.put': {
      const { applicationId, secretUid, editable } = step.input;
      const grant = await orUndefined(grantVault(context).get(applicationId, secretUid));
      const { grantedBefore: before } = noted;
      if (grant?.editable === editable) {
        const result =
          before === undefined
            ? ({ grant, outcome: 'created' } as const)
            : ({ grant, outcome: 'updated', before: { editable: before } } as const);
        return { effect: 'done', result };
      }
      if (!grant && before !== undefined) await putBack(context, step.input, before);
      return { effect: 'none' };
    }
    case 'grant.remove': {
      const grant = await orUndefined(grantVault(context).get(step.input.applicationId, step.input.secretUid));
      return grant ? { effect: 'none' } : { effect: 'done', result: null };
    }
    case 'client_device.create': {
      const reply = await resultOf(context, noted);
      if (reply && credentialIn(reply, step.input.initialization ?? 'token')) {
        return { effect: 'done', result: await issuedDevice(context, step.input, reply, noted.sentAt) };
      }
      return (await knownDevice(context, step, noted)) ?? suspectedIf(await devicesLeft(context, step, noted));
    }
    case 'gateway.create': {
      const reply = await resultOf(context, noted);
      if (reply && credentialIn(reply, step.input.initialization ?? 'token')) {
        const { sentAt, before = [] } = noted;
        return { effect: 'done', result: await issuedGateway(context, step.input, reply, { sentAt, before }) };
      }
      const left = () => gatewaysLeft(context, step, noted, intent.operationId);
      return (await knownGateway(context, step, noted)) ?? suspectedIf(await left());
    }
    case 'client_device.remove': {
      const info = await account.find(call, step.input.applicationId);
      const isThere = info?.devices.some(({ clientId }) => clientId === step.input.clientId);
      return isThere ? { effect: 'none' } : { effect: 'done', result: null };
    }
    case 'gateway.rename':
    case 'gateway.remove': {
      const { applicationId, clientId: id } = step.input;
      const all = (await account.find(call, applicationId)) ? await gatewaysOf(context, applicationId) : [];
      const gateway = all.find(({ clientId, gatewayUid }) => clientId === id || gatewayUid === id);
      if (step.name === 'gateway.remove') return gateway ? { effect: 'none' } : { effect: 'done', result: null };
      return gateway?.name === step.input.name ? { effect: 'done', result: gateway } : { effect: 'none' };
    }
  }
}

/** Where Commander still has it. */
const resultOf = async ({ call, client }: Context, { requestId }: Noted): Promise<Reply | undefined> =>
  requestId === undefined ? undefined : client.resultOf(call, requestId);

/**
 * @throws KsmError `operation_in_progress` while a command may still run: without a queue what is asked after it does
 *   not come after it
 */
function requireEnded({ clock }: Context, { isDirect, sentAt }: Noted): void {
  const left = isDirect ? Math.min(sentAt + COMMAND_MAX_MS - clock.now(), COMMAND_MAX_MS) : 0;
  if (left <= 0) return;
  throw new KsmError(
    'operation_in_progress',
    `The reply of a command was lost, and without its queue Keeper Commander does not tell whether that still runs: what has become of it is read back in ${Math.ceil(left / 1000)} s. Turn the queue on (service-create -q y).`,
    { retryAfterSeconds: Math.min(Math.ceil(left / 1000), ASK_AGAIN_SECONDS) },
  );
}

async function isEmpty(context: Context, id: string): Promise<boolean> {
  const { call, account } = context;
  const { shares, devices } = await account.info(call, id);
  return shares.length === 0 && devices.length === 0 && (await gatewaysOf(context, id)).length === 0;
}

const suspectedIf = (suspects: readonly Suspect[]): ReadBack =>
  suspects.length === 0 ? { effect: 'none' } : { effect: 'suspected', suspects };

const LOST = { oneTimeToken: null, config: null };

/** Its id was noted when its reply came, and its credential was lost with whoever noted it. */
async function knownDevice(
  context: Context,
  { input }: Step<'client_device.create'>,
  noted: Noted,
): Promise<ReadBack | undefined> {
  const { call, account, notes } = context;
  const info = await account.find(call, input.applicationId);
  const known = info && madeBy(await notes.in(info.uid, 'device'), noted);
  const device = known && (await devicesOf(context, info)).find(({ clientId }) => clientId === known.client_id);
  return device && { effect: 'done', result: { ...device, ...LOST, initialization: known.initialization } };
}

/** As of a device. */
async function knownGateway(
  context: Context,
  { input: { applicationId } }: Step<'gateway.create'>,
  noted: Noted,
): Promise<ReadBack | undefined> {
  const known = madeBy(await context.notes.in(applicationId, 'gateway'), noted);
  const gateway =
    known &&
    (await context.account.find(context.call, applicationId)) &&
    (await gatewaysOf(context, applicationId)).find(({ clientId }) => clientId === known.client_id);
  const { initialization, client_id: clientId } = known ?? {};
  return (
    gateway && { effect: 'done', result: { ...gateway, ...LOST, clientId: clientId!, initialization: initialization! } }
  );
}

/** One thing at a time is done in an application: what was sent at that moment is this command, unless it was there before. */
const madeBy = (rows: readonly ClientNoteRow[], { sentAt, before = [] }: Noted): ClientNoteRow | undefined =>
  rows.find(({ client_id, created_at }) => created_at === sentAt && !before.includes(client_id));

/** Those that it may have made: as it was to be, not there before, and not known as another's. */
async function devicesLeft(
  context: Context,
  { input }: Step<'client_device.create'>,
  { before = [], sentAt }: Noted,
): Promise<Suspect[]> {
  const { call, account, notes, clock } = context;
  const info = await account.find(call, input.applicationId);
  const isLike = ({ clientId, name, ipLock, accessExpiresAt }: AppDevice) =>
    name === input.name &&
    !before.includes(clientId) &&
    ipLock === input.ipLock &&
    (accessExpiresAt === null) === (input.accessExpiresInMinutes === undefined);
  const like = (info?.devices ?? []).filter(isLike);
  const known = await notes.known(like.map(({ clientId }) => clientId));
  const left = like.filter(({ clientId }) => !known.has(clientId));
  // Of several nobody knows which one it made: then it is over when no token that Keeper gives is alive any more.
  const minutes = left.length === 1 ? input.tokenExpiresInMinutes : TOKEN_EXPIRES_MAX_MINUTES;
  return left.map(({ clientId, firstAccessAt }) => ({
    id: `${input.applicationId}/${clientId}`,
    kind: 'client_device',
    name: input.name,
    createdAt: sentAt,
    // It may have been made as late as now.
    endsAt: firstAccessAt === null ? clock.now() + minutes * MINUTE_MS : null,
    isListed: true,
  }));
}

/** Keeper lists a gateway when it has initialised, as one with a configuration has by Commander's own bind. */
async function gatewaysLeft(
  context: Context,
  { input }: Step<'gateway.create'>,
  { before = [], sentAt }: Noted,
  operationId: string,
): Promise<Suspect[]> {
  const { applicationId, name, tokenExpiresInMinutes, initialization } = input;
  if (!(await context.account.find(context.call, applicationId))) return [];
  const facts = { kind: 'gateway', name, createdAt: sentAt } as const;
  const listed = (await gatewaysOf(context, applicationId)).filter(
    (gateway) => gateway.name === name && gateway.clientId === null && !before.includes(gateway.gatewayUid!),
  );
  if (listed.length > 0) {
    return listed.map(({ gatewayUid }) => ({
      ...facts,
      id: `${applicationId}/${gatewayUid}`,
      endsAt: null,
      isListed: true,
    }));
  }
  const ends = context.clock.now() + tokenExpiresInMinutes * MINUTE_MS;
  const id = `${applicationId}/${operationId}`;
  return [{ ...facts, id, endsAt: initialization === 'config' ? null : ends, isListed: false }];
}

const placeOf = (input: Intent['step']['input']): string =>
  'applicationId' in input ? input.applicationId : 'id' in input ? input.id : '';

async function orUndefined<T>(lookup: Promise<T>): Promise<T | undefined> {
  try {
    return await lookup;
  } catch (error) {
    if (isKsmError(error, 'application_not_found', 'grant_not_found')) return undefined;
    throw error;
  }
}

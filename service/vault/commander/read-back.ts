/** What has become of a command whose outcome nobody noted, by its result or by what there is. */

import { isKsmError } from '../../../contract/errors';
import type { Intent, ReadBack } from '../step';
import { timestamp } from '../timestamp';
import { applicationVault, isGone } from './application';
import { issuedDevice } from './client-device';
import type { Context } from './context';
import { credentialIn } from './credential';
import { gatewaysOf, issuedGateway } from './gateway';
import { grantVault } from './grant';

interface Progress {
  readonly requestId?: string;
  readonly before?: readonly string[];
  readonly startedAt?: number;
}

export async function readBack(context: Context, intent: Intent): Promise<ReadBack> {
  const { call, account, client } = context;
  const { step, startedAt } = intent;
  const progress = (intent.progress ?? {}) as Progress;
  account.changed('sync', 'applications', 'gateways', `application ${placeOf(step.input)}`);
  // The queue is first in, first out: what is read here comes after the command.
  await account.synced(call);
  switch (step.name) {
    case 'application.create': {
      const holder = (await account.applications(call)).find(({ name }) => name === step.input.name);
      if (!holder) return { effect: 'none' };
      const info = await account.info(call, holder.uid);
      // The title was free when it was begun; what has something in it is somebody else's by now.
      const isEmpty = info.shares.length === 0 && info.devices.length === 0;
      if (!isEmpty) return { effect: 'none' };
      await context.notes.made(holder.uid, startedAt);
      return {
        effect: 'done',
        result: { id: holder.uid, name: holder.name, createdAt: timestamp(startedAt) },
      };
    }
    case 'application.rename': {
      const application = await applicationVault(context).get(step.input.id);
      return application.name === step.input.name ? { effect: 'done', result: application } : { effect: 'none' };
    }
    case 'application.remove':
      return (await isGone(context, step.input.id)) ? { effect: 'done', result: null } : { effect: 'none' };
    case 'grant.put': {
      const grant = await orUndefined(grantVault(context).get(step.input.applicationId, step.input.secretUid));
      if (grant?.editable !== step.input.editable) return { effect: 'none' };
      return { effect: 'done', result: { grant, outcome: 'created' } };
    }
    case 'grant.remove': {
      const grant = await orUndefined(grantVault(context).get(step.input.applicationId, step.input.secretUid));
      return grant ? { effect: 'none' } : { effect: 'done', result: null };
    }
    case 'client_device.create': {
      const reply = progress.requestId === undefined ? undefined : await client.resultOf(call, progress.requestId);
      if (reply && credentialIn(reply, step.input.initialization ?? 'token')) {
        return { effect: 'done', result: await issuedDevice(context, step.input, reply, progress.startedAt!) };
      }
      const info = await account.find(call, step.input.applicationId);
      const added = (info?.devices ?? []).filter(
        ({ clientId, name }) => name === step.input.name && !progress.before?.includes(clientId),
      );
      return added.length === 0 ? { effect: 'none' } : { effect: 'suspected' };
    }
    case 'gateway.create': {
      const reply = progress.requestId === undefined ? undefined : await client.resultOf(call, progress.requestId);
      if (reply && credentialIn(reply, step.input.initialization ?? 'token')) {
        return { effect: 'done', result: await issuedGateway(context, step.input, reply, progress.startedAt!) };
      }
      // A gateway that has not initialised is listed nowhere.
      return { effect: 'suspected' };
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

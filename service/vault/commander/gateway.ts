import { KsmError } from '../../../contract/errors';
import type { Gateway } from '../../../contract/types';
import { notFoundIn } from '../not-found';
import { OutcomeUnknown } from '../outcome-unknown';
import { gatewayNotInitialized } from '../refused';
import { optionalTimestamp, timestamp } from '../timestamp';
import type { GatewayVault, IssuedGateway, NewGateway, Removed } from '../vault';
import type { ListedGateway } from './account';
import type { Context } from './context';
import { clientIdIn, credentialIn, hostnameIn } from './credential';
import { complaint, type Reply } from './reply';
import type { ClientNoteRow } from './tables';
import { commandText } from './text';
import { MINUTE_MS, tokenEnd } from './time';

/** Keeper's list of gateways is a minute old at most, and clocks differ: only then an unlisted one is none any more. */
const CERTAIN_MS = 5 * MINUTE_MS;

/** Listed ones, and from our own notes those that have not initialised: Keeper lists them nowhere. */
export async function gatewaysOf(context: Context, applicationId: string): Promise<Gateway[]> {
  const { call, account, notes, suspects } = context;
  const listed = (await account.gateways(call)).filter((known) => known.applicationId === applicationId);
  const own = await notes.in(applicationId, 'gateway');
  const gateways: Gateway[] = [];
  const suspected = await suspects.list({ applicationId });
  const known = new Set([
    ...own.map(({ gateway_uid }) => gateway_uid),
    ...suspected.map(({ id }) => id.slice(applicationId.length + 1)),
  ]);
  for (const row of own) {
    // Nothing in Keeper's list is its client id: it is the one of its name that is not known yet, and was not there before.
    const isIt = ({ uid, name }: ListedGateway) => name === row.name && !known.has(uid) && !othersOf(row).includes(uid);
    const found =
      listed.find(({ uid }) => uid === row.gateway_uid) ?? (row.gateway_uid === null ? listed.find(isIt) : undefined);
    if (found && row.gateway_uid === null) {
      await notes.initialised(row.client_id, found.uid);
      known.add(found.uid);
    }
    if (!found && row.gateway_uid !== null) continue;
    gateways.push(toGateway(context, applicationId, row, found));
  }
  const mine = new Set(gateways.map(({ gatewayUid }) => gatewayUid));
  return [
    ...gateways,
    ...listed.filter(({ uid }) => !mine.has(uid)).map((found) => toGateway(context, applicationId, undefined, found)),
  ];
}

const othersOf = ({ other_uids }: ClientNoteRow): string[] => (other_uids === null ? [] : JSON.parse(other_uids));

export function gatewayVault(context: Context): GatewayVault {
  const { call, account, client, notes } = context;

  async function find(applicationId: string, id: string): Promise<Gateway> {
    const found =
      (await account.find(call, applicationId)) &&
      (await gatewaysOf(context, applicationId)).find(
        ({ clientId, gatewayUid }) => clientId === id || gatewayUid === id,
      );
    if (!found) throw notFoundIn('gateway', applicationId, id);
    return found;
  }

  async function removeOne(applicationId: string, gateway: Gateway): Promise<void> {
    const text =
      gateway.gatewayUid === null
        ? commandText('secrets-manager client remove', undefined, {
            app: applicationId,
            client: gateway.clientId!,
            force: true,
          })
        : commandText('pam gateway remove', undefined, { gateway: gateway.gatewayUid });
    const reply = await client.change(call, text);
    account.changed('gateways', `application ${applicationId}`);
    const said = complaint(reply);
    if (!/has been removed|Client removal was successful|not found|No Client Devices found/.test(said)) {
      throw new OutcomeUnknown('Keeper Commander did not say whether it removed the gateway.');
    }
    if (gateway.clientId !== null) await notes.forget([gateway.clientId]);
  }

  return {
    async create(input) {
      await account.info(call, input.applicationId);
      account.changed('gateways');
      const { applicationId, name, initialization = 'token' } = input;
      const pending = (await gatewaysOf(context, applicationId)).find(
        (known) => known.name === name && known.gatewayUid === null && known.status === 'pending',
      );
      if (pending) throw namePending(name, pending.id);
      const before = (await account.gateways(call))
        .filter((known) => known.applicationId === applicationId && known.name === name)
        .map(({ uid }) => uid);
      const text = commandText('pam gateway new', undefined, {
        name,
        application: applicationId,
        'token-expires-in-min': input.tokenExpiresInMinutes,
        'config-init': initialization === 'config' ? 'b64' : undefined,
        return_value: true,
      });
      const reply = await client.change(call, text, { before });
      account.changed('gateways');
      return issuedGateway(context, input, reply, { sentAt: reply.sentAt, before });
    },

    get: find,

    async list(applicationId) {
      await account.info(call, applicationId);
      return gatewaysOf(context, applicationId);
    },

    async rename(applicationId, id, name) {
      account.changed('gateways');
      const gateway = await find(applicationId, id);
      if (gateway.gatewayUid === null) {
        throw gatewayNotInitialized(gateway.name, name);
      }
      const options = { gateway: gateway.gatewayUid, name };
      const reply = await client.change(call, commandText('pam gateway edit', undefined, options));
      account.changed('gateways');
      if (!complaint(reply).includes('has been edited')) {
        throw new OutcomeUnknown('Keeper Commander did not say whether it renamed the gateway.');
      }
      if (gateway.clientId !== null) await notes.renamed(gateway.clientId, name);
      return { ...gateway, name };
    },

    async remove(applicationId, id) {
      account.changed('gateways');
      await removeOne(applicationId, await find(applicationId, id));
    },

    async removeMany(applicationId, ids) {
      const removed: Removed[number][] = [];
      if (!(await account.find(call, applicationId))) return [];
      for (const gateway of await gatewaysOf(context, applicationId)) {
        const { name } = gateway;
        // One that we did not make has its UID alone.
        const id = gateway.clientId ?? gateway.gatewayUid!;
        if (!ids.includes(id)) continue;
        await removeOne(applicationId, gateway);
        removed.push({ clientId: id, name });
      }
      return removed;
    },
  };
}

export async function issuedGateway(
  context: Context,
  input: NewGateway,
  reply: Reply,
  { sentAt, before }: { readonly sentAt: number; readonly before: readonly string[] },
): Promise<IssuedGateway> {
  const { applicationId, name, initialization = 'token' } = input;
  const credential = credentialIn(reply, initialization);
  if (!credential) {
    if (complaint(reply).includes('allow_pam_gateway')) {
      throw new KsmError(
        'unsupported_by_vault',
        'The role of the account of Keeper Commander does not allow gateways (enforcement allow_pam_gateway). Allow it in the admin console.',
      );
    }
    throw new OutcomeUnknown('Keeper Commander did not hand out what it was asked for.');
  }
  const clientId = clientIdIn(credential);
  const row: ClientNoteRow = {
    client_id: clientId,
    application_id: applicationId,
    kind: 'gateway',
    name,
    initialization,
    hostname: hostnameIn(credential),
    created_at: sentAt,
    token_expires_at: tokenEnd(input, sentAt, context.clock.now()),
    access_expires_at: null,
    gateway_uid: null,
    other_uids: JSON.stringify(before),
  };
  await context.notes.put(row);
  return { ...toGateway(context, applicationId, row, undefined), clientId, ...credential };
}

function toGateway(
  { clock }: Context,
  applicationId: string,
  row: ClientNoteRow | undefined,
  listed: ListedGateway | undefined,
): Gateway {
  const ends = row?.token_expires_at ?? null;
  const isLapsed = !listed && row?.initialization === 'token' && ends !== null && ends + CERTAIN_MS <= clock.now();
  const created = row?.created_at ?? listed?.createdAt ?? 0;
  return {
    id: `${applicationId}/${row?.client_id ?? listed!.uid}`,
    applicationId,
    clientId: row?.client_id ?? null,
    gatewayUid: listed?.uid ?? row?.gateway_uid ?? null,
    name: listed?.name ?? row!.name,
    hostname: row?.hostname ?? null,
    status: listed || row?.initialization === 'config' ? 'active' : isLapsed ? 'lapsed' : 'pending',
    lapsed: isLapsed ? 'token' : null,
    createdAt: timestamp(created),
    tokenExpiresAt: optionalTimestamp(ends),
    firstAccessAt: optionalTimestamp(listed?.createdAt ?? null),
    lastAccessAt: null,
    ipAddress: null,
    online: listed ? listed.online : null,
  };
}

function namePending(name: string, id: string): KsmError {
  return new KsmError(
    'gateway_name_pending',
    `A gateway "${name}" of this application has not initialised yet (${id}), and Keeper tells two of one name apart only then. Start that one first, remove it, or choose another name.`,
    { existingId: id },
  );
}

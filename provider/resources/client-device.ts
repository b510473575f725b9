import { ACCESS_EXPIRES_MAX_MINUTES, ACCESS_EXPIRES_MIN_MINUTES } from '../../contract/limits';
import {
  boolOf,
  defaultsOf,
  integerBetween,
  numberOf,
  optionalNumberOf,
  type Schema,
  stringOf,
  type Value,
} from '../framework';
import * as attributes from './private/attributes';
import { issuedValues, reportedValues } from './private/client';
import { isClientId, splitImportId } from './private/import-id';
import type { KsmResource } from './private/ksm-resource';
import { notThere, requireThere } from './private/there';

const noun = 'client device';

const schema: Schema = {
  version: 0,
  description:
    'One machine, pipeline or service that reads the secrets of an application. Creating it issues a one-time token, which the device redeems once; a redeemed token plans nothing. One device for each consumer.',
  attributes: {
    id: attributes.id('`<application UID>/<client id>`'),
    application_id: attributes.applicationId,
    name: {
      type: 'string',
      required: true,
      requiresReplace: true,
      description: 'Name of the device, 1 to 255 characters. A change replaces.',
      validators: attributes.nameValidators,
    },
    ip_lock: {
      type: 'bool',
      optional: true,
      computed: true,
      default: true,
      requiresReplace: true,
      description:
        'Whether only the address that redeems the token may read afterwards. Default: `true`. Set `false` for devices whose address changes, such as hosted CI runners. A change replaces.',
    },
    access_expires_in_minutes: {
      type: 'number',
      optional: true,
      requiresReplace: true,
      adoptAfterImport: withinAMinute,
      description:
        'How long the device may read, in minutes from its creation, at least 1. Default: for ever. A change replaces. After an import it is what the end of the access makes it, to the minute, and a configured value no more than a minute from that is adopted in place.',
      validators: [integerBetween(ACCESS_EXPIRES_MIN_MINUTES, ACCESS_EXPIRES_MAX_MINUTES, 'minutes')],
    },
    initialization: attributes.initialization,
    token_expires_in_minutes: attributes.tokenExpiresInMinutes,
    rotation_triggers: attributes.rotationTriggers,
    client_id: attributes.clientId('device'),
    hostname: attributes.hostname,
    one_time_token: attributes.oneTimeToken('device'),
    created_at: attributes.createdAt('device'),
    token_expires_at: attributes.tokenExpiresAt,
    access_expires_at: {
      type: 'string',
      computed: true,
      description: 'Until when the device may read, ISO 8601 in UTC; null: for ever.',
    },
  },
};

export const clientDevice: KsmResource = {
  typeName: 'ksm_client_device',
  noun,
  attributeOfField: {
    applicationId: 'application_id',
    name: 'name',
    ipLock: 'ip_lock',
    accessExpiresInMinutes: 'access_expires_in_minutes',
    initialization: 'initialization',
    tokenExpiresInMinutes: 'token_expires_in_minutes',
  },
  schema,

  async create({ planned, session, call }) {
    const application = stringOf(planned, 'application_id');
    const made = await session.createIn(application, call, (client) =>
      client.createDevice(application, {
        name: stringOf(planned, 'name'),
        ipLock: boolOf(planned, 'ip_lock'),
        accessExpiresInMinutes: optionalNumberOf(planned, 'access_expires_in_minutes'),
        initialization: 'token',
        tokenExpiresInMinutes: numberOf(planned, 'token_expires_in_minutes'),
      }),
    );
    return {
      state: {
        ...planned,
        ...issuedValues(made),
        one_time_token: made.oneTimeToken,
        access_expires_at: made.accessExpiresAt,
      },
    };
  },

  async read({ state, session, call }) {
    const snapshot = await session.snapshot(stringOf(state, 'application_id'), call);
    if (!snapshot) return null;
    const unknown = session.unknownPart(snapshot, 'devices');
    if (unknown) return { state, ...unknown };
    const device = snapshot.devices.get(stringOf(state, 'client_id'));
    if (!device) return null;
    return {
      state: {
        ...state,
        ...reportedValues(device, state),
        name: device.name,
        ip_lock: device.ipLock,
        access_expires_at: device.accessExpiresAt,
      },
    };
  },

  /** Only what counts for the next token, or what an import could not know, changes in place: the vault keeps none of it. */
  async update({ prior, planned, session, call }) {
    const snapshot = await session.snapshot(stringOf(prior, 'application_id'), call);
    requireThere(snapshot, 'devices', stringOf(prior, 'client_id'), { noun, id: stringOf(prior, 'id') });
    return { state: planned };
  },

  async delete({ state, session, call }) {
    const application = stringOf(state, 'application_id');
    const clientId = stringOf(state, 'client_id');
    await session.removeIn(application, call, (client) => client.deleteDevice(application, clientId));
  },

  async import({ id, session, call }) {
    const { applicationId, part } = splitImportId(id, '<application UID>/<client id of 86 characters>', isClientId);
    const snapshot = await session.snapshot(applicationId, call);
    const device = snapshot?.devices.get(part);
    if (!device) return notThere(snapshot, 'devices', { noun, id });
    return {
      state: {
        ...defaultsOf(schema),
        ...issuedValues(device),
        application_id: applicationId,
        name: device.name,
        ip_lock: device.ipLock,
        access_expires_in_minutes: minutesBetween(device.createdAt, device.accessExpiresAt),
        access_expires_at: device.accessExpiresAt,
      },
    };
  },
};

/** A vault reports when access ends, not after how long: an import rounds it to whole minutes. */
function minutesBetween(start: string, end: string | null): number | null {
  return end === null ? null : Math.max(1, Math.round((Date.parse(end) - Date.parse(start)) / 60_000));
}

/** So the configured life is the imported one if it is no more than the rounding away from it. */
function withinAMinute(imported: Value, configured: Value): boolean {
  return (
    imported !== null &&
    typeof configured !== 'symbol' &&
    configured !== null &&
    Math.abs(Number(configured) - Number(imported)) <= 1
  );
}

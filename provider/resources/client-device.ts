import { ACCESS_EXPIRES_MAX_MINUTES, ACCESS_EXPIRES_MIN_MINUTES } from '../../contract/limits';
import {
  boolOf,
  type Diagnostic,
  defaultsOf,
  errorDiagnostic,
  integerBetween,
  type ObjectValue,
  optionalNumberOf,
  type Schema,
  stringOf,
  UNKNOWN,
  type Value,
} from '../framework';
import * as attributes from './private/attributes';
import { issuedValues, reportedValues } from './private/client';
import { credentialValues, issueInput } from './private/credential';
import * as credential from './private/credential-attributes';
import { deviceBy, isDevicePart } from './private/device-reference';
import { splitImportId } from './private/import-id';
import type { KsmResource } from './private/ksm-resource';
import { memberIdentity } from './private/member-identity';
import { planClient } from './private/reissue';
import { notThere, requireThere } from './private/there';

const noun = 'client device';

const schema: Schema = {
  version: 0,
  description:
    'One machine, pipeline or service that reads the secrets of an application. Creating it issues a one-time token, which the device redeems once, or a finished configuration. A redeemed token plans nothing, for ever; one that lapsed before anyone redeemed it is issued anew. One device for each consumer: a consumer that is added later needs a device of its own.',
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
        'Whether only the address that redeems the token may read afterwards. Default: `true`. Set `false` for devices whose address changes, such as hosted CI runners, and with `initialization = "config"`, which takes it. A change replaces.',
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
    initialization: credential.initialization(
      'A configuration is bound from the address of the service or of Commander, so it takes an explicit `ip_lock = false`.',
    ),
    token_expires_in_minutes: credential.tokenExpiresInMinutes,
    reissue: credential.reissue(
      'Access that was given an end is not renewed by it, also where its token was never redeemed. `expired`: as `unredeemed`, and access that has ended is renewed too.',
    ),
    rotation_triggers: credential.rotationTriggers,
    seal_to_public_key: credential.sealToPublicKey,
    client_id: attributes.clientId('device'),
    hostname: credential.hostname,
    one_time_token: credential.oneTimeToken('device'),
    config: credential.config('device'),
    sealed_one_time_token: credential.sealedOneTimeToken,
    sealed_config: credential.sealedConfig,
    created_at: attributes.createdAt('device'),
    token_expires_at: credential.tokenExpiresAt,
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
    sealToPublicKey: 'seal_to_public_key',
  },
  schema,
  identity: memberIdentity('client_id', 'Client id of the device, 86 characters.'),

  validate: (config) => (config.initialization === 'config' ? lockedConfiguration(config) : []),

  modifyPlan: (request) => planClient(request, noun),

  async create({ planned, session, call }) {
    const application = stringOf(planned, 'application_id');
    const made = await session.createIn(application, call, (client) =>
      client.createDevice(application, {
        name: stringOf(planned, 'name'),
        ipLock: boolOf(planned, 'ip_lock'),
        accessExpiresInMinutes: optionalNumberOf(planned, 'access_expires_in_minutes'),
        ...issueInput(planned),
      }),
    );
    return {
      state: {
        ...planned,
        ...issuedValues(made),
        ...credentialValues(made),
        access_expires_at: made.accessExpiresAt,
      },
      private: { lapsed: made.lapsed },
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
      private: { lapsed: device.lapsed },
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
    const expected = '<application UID>/<client id of 86 characters> or <application UID>/name=<name of the device>';
    const { applicationId, part } = splitImportId(id, expected, isDevicePart);
    const snapshot = await session.snapshot(applicationId, call);
    const device = deviceBy(snapshot, part);
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
      private: { lapsed: device.lapsed },
    };
  },
};

/** Whoever makes the configuration binds the device, and a lock would lock it to that address. */
function lockedConfiguration({ ip_lock: lock = null }: ObjectValue): Diagnostic[] {
  if (lock === false || lock === UNKNOWN) return [];
  return [
    errorDiagnostic(
      'A configuration cannot be locked to an IP address',
      `With initialization = "config" the device is bound from the address of the service or of Commander, so a lock would lock it to that address and shut out whoever uses the configuration. "ip_lock" is ${lock === null ? 'not set, and true by default' : 'true'}; expected an explicit ip_lock = false.`,
      ['ip_lock'],
    ),
  ];
}

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

import { FEATURES } from '../../../contract/api';
import {
  type CallContext,
  type EphemeralResourceDefinition,
  errorDiagnostic,
  refusal,
  stringOf,
} from '../../framework';
import { nameValidators, uidValidator } from '../private/attributes';
import type { KsmSession } from '../private/session';

/** What is to be deleted at the end. */
interface Opened {
  readonly applicationId: string;
  readonly clientId: string;
}

export const clientDeviceEphemeral: EphemeralResourceDefinition<KsmSession, Opened> = {
  typeName: 'ksm_client_device',
  noun: 'client device',
  schema: {
    version: 0,
    description:
      "A client device for this run alone, for instance to configure Keeper's own provider `secretsmanager`. Terraform opens it in plan and in apply and closes it at the end; it is in no plan and in no state. It needs an API token of the scope `session` or `write` wherever it is enabled.",
    attributes: {
      application_id: {
        type: 'string',
        required: true,
        description: 'UID of the application whose secrets the device reads.',
        validators: [uidValidator],
      },
      name: {
        type: 'string',
        required: true,
        description: 'Name of the device, 1 to 255 characters, as lists and the audit trail show it.',
        validators: nameValidators,
      },
      ip_lock: {
        type: 'bool',
        optional: true,
        computed: true,
        description:
          'Always `false`, the default: the service binds the device itself, so that a lock would let in the address of the service alone. `true` is refused.',
      },
      enabled: {
        type: 'bool',
        optional: true,
        computed: true,
        description:
          'Whether to make the device. Default: `true`. With `terraform.applying` none is made at plan, and `config` is null there: for what only an apply uses, such as provisioners and write-only arguments.',
      },
      config: {
        type: 'string',
        computed: true,
        sensitive: true,
        description:
          'The configuration of the device, base64 as the SDKs take it (`KSM_CONFIG`). Good until the run ends; null where it is not enabled.',
      },
    },
  },
  decodePrivate(stored) {
    const { applicationId, clientId } = (stored ?? {}) as Partial<Opened>;
    return typeof applicationId === 'string' && typeof clientId === 'string' ? { applicationId, clientId } : undefined;
  },

  validate({ ip_lock: ipLock }) {
    if (ipLock !== true) return [];
    const detail =
      'The service binds the device itself, so that with an IP lock only the address of the service could read. Got true, expected false, or no "ip_lock" at all.';
    return [errorDiagnostic('The device would be locked to the address of the service', detail, ['ip_lock'])];
  },

  async open({ config, session, call }) {
    const settings = { ip_lock: false, enabled: config.enabled !== false };
    if (!settings.enabled) return { result: { ...settings, config: null } };
    await requireFeature(session, call);
    const applicationId = stringOf(config, 'application_id');
    const made = await session.createIn(applicationId, call, (client) =>
      client.createDevice(applicationId, {
        name: stringOf(config, 'name'),
        ipLock: false,
        initialization: 'config',
        ephemeral: true,
      }),
    );
    return {
      result: { ...settings, config: made.config },
      private: { applicationId, clientId: made.clientId },
    };
  },

  async close({ private: opened, session, call }) {
    if (!opened) return;
    const { applicationId, clientId } = opened;
    await session.removeIn(applicationId, call, (client) => client.deleteDevice(applicationId, clientId));
  },
};

async function requireFeature(session: KsmSession, call: CallContext): Promise<void> {
  const { features, unsupported, version } = await session.info(call);
  if (features.includes(FEATURES.ephemeralDevices)) return;
  const reason = unsupported.find(({ feature }) => feature === FEATURES.ephemeralDevices)?.reason;
  throw refusal(
    'The service makes no ephemeral devices',
    `The service (version ${version}) does not offer "${FEATURES.ephemeralDevices}"${reason ? `: ${reason}` : '. Update the service, or use another vault'}. A resource "ksm_client_device" is the other way to a device.`,
  );
}

import type { DataSourceDefinition } from '../../framework';
import { clientItem, clientItemOf, found, items, ofApplication } from '../private/data-attributes';
import { membersOf } from '../private/members';
import type { KsmSession } from '../private/session';

export const clientDevicesData: DataSourceDefinition<KsmSession> = {
  typeName: 'ksm_client_devices',
  noun: 'client devices',
  schema: {
    version: 0,
    description:
      'The client devices of an application as they are now, lapsed and ended ones too: what changes by use is here and not in the resource.',
    attributes: {
      application_id: ofApplication,
      items: items('The client devices.', {
        ...clientItem('client device'),
        ip_lock: {
          type: 'bool',
          computed: true,
          description: 'Whether only the address that redeemed the token may read.',
        },
        access_expires_at: found('Until when the device may read, ISO 8601 in UTC; null: for ever.'),
      }),
    },
  },

  async read({ config, session, call }) {
    const { devices } = await membersOf(session, config, 'devices', call);
    const values = [...devices.values()].map((device) => ({
      ...clientItemOf(device),
      ip_lock: device.ipLock,
      access_expires_at: device.accessExpiresAt,
    }));
    return { state: { items: values } };
  },
};

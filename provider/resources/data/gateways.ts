import type { DataSourceDefinition } from '../../framework';
import { clientItem, clientItemOf, found, items, ofApplication } from '../private/data-attributes';
import { membersOf } from '../private/members';
import type { KsmSession } from '../private/session';

export const gatewaysData: DataSourceDefinition<KsmSession> = {
  typeName: 'ksm_gateways',
  noun: 'gateways',
  schema: {
    version: 0,
    description: 'The gateways of an application as they are now: what changes by use is here and not in the resource.',
    attributes: {
      application_id: ofApplication,
      items: items('The gateways.', {
        ...clientItem('gateway'),
        gateway_uid: found('UID of the gateway, 22 characters; null until it has initialised.'),
        online: {
          type: 'bool',
          computed: true,
          description: 'Whether it is connected now; null where the vault does not tell.',
        },
      }),
    },
  },

  async read({ config, session, call }) {
    const { gateways } = await membersOf(session, config, 'gateways', call);
    const values = [...gateways.values()].map((gateway) => ({
      ...clientItemOf(gateway),
      gateway_uid: gateway.gatewayUid,
      online: gateway.online,
    }));
    return { state: { items: values } };
  },
};

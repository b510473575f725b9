import { defaultsOf, numberOf, type Schema, stringOf } from '../framework';
import * as attributes from './private/attributes';
import { issuedValues, reportedValues } from './private/client';
import { isClientId, isUid, splitImportId } from './private/import-id';
import type { KsmResource } from './private/ksm-resource';
import { notThere, requireThere } from './private/there';

const noun = 'gateway';

const schema: Schema = {
  version: 0,
  description:
    'A Keeper Gateway: the agent that rotates and discovers credentials. Creating it issues a one-time token for its installation. Its application needs the shared folder granted with `editable = true`. A gateway is never locked to an IP address.',
  attributes: {
    id: attributes.id('`<application UID>/<client id>`'),
    application_id: attributes.applicationId,
    name: {
      type: 'string',
      required: true,
      requiresReplace: (prior) => prior.gateway_uid === null,
      description:
        'Name of the gateway, 1 to 255 characters. Changes in place once the gateway has initialised; before that, a change replaces.',
      validators: attributes.nameValidators,
    },
    initialization: attributes.initialization,
    token_expires_in_minutes: attributes.tokenExpiresInMinutes,
    rotation_triggers: attributes.rotationTriggers,
    client_id: attributes.clientId('gateway'),
    hostname: attributes.hostname,
    one_time_token: attributes.oneTimeToken('gateway'),
    created_at: attributes.createdAt('gateway'),
    token_expires_at: attributes.tokenExpiresAt,
    gateway_uid: {
      type: 'string',
      computed: true,
      description: 'UID of the gateway; null until it has initialised, which a later refresh finds out.',
    },
  },
};

export const gateway: KsmResource = {
  typeName: 'ksm_gateway',
  noun,
  attributeOfField: {
    applicationId: 'application_id',
    name: 'name',
    initialization: 'initialization',
    tokenExpiresInMinutes: 'token_expires_in_minutes',
  },
  schema,

  async create({ planned, session, call }) {
    const application = stringOf(planned, 'application_id');
    const made = await session.createIn(application, call, (client) =>
      client.createGateway(application, {
        name: stringOf(planned, 'name'),
        initialization: 'token',
        tokenExpiresInMinutes: numberOf(planned, 'token_expires_in_minutes'),
      }),
    );
    return {
      state: {
        ...planned,
        ...issuedValues(made),
        one_time_token: made.oneTimeToken,
        gateway_uid: made.gatewayUid,
      },
    };
  },

  async read({ state, session, call }) {
    const snapshot = await session.snapshot(stringOf(state, 'application_id'), call);
    if (!snapshot) return null;
    const unknown = session.unknownPart(snapshot, 'gateways');
    if (unknown) return { state, ...unknown };
    const found = snapshot.gateways.get(stringOf(state, 'client_id'));
    if (!found) return null;
    return {
      state: {
        ...state,
        ...reportedValues(found, state),
        name: found.name,
        gateway_uid: found.gatewayUid ?? state.gateway_uid ?? null,
      },
    };
  },

  async update({ prior, planned, session, call }) {
    const application = stringOf(planned, 'application_id');
    const clientId = stringOf(planned, 'client_id');
    const name = stringOf(planned, 'name');
    const snapshot = await session.snapshot(application, call);
    requireThere(snapshot, 'gateways', clientId, { noun, id: stringOf(prior, 'id') });
    if (name !== prior.name) {
      await session.changeIn(application, call, (client) => client.updateGateway(application, clientId, { name }));
    }
    return { state: planned };
  },

  async delete({ state, session, call }) {
    const application = stringOf(state, 'application_id');
    const clientId = stringOf(state, 'client_id');
    await session.removeIn(application, call, (client) => client.deleteGateway(application, clientId));
  },

  async import({ id, session, call }) {
    const { applicationId, part } = splitImportId(
      id,
      '<application UID>/<client id of 86 characters> or <application UID>/<gateway UID>',
      (text) => isClientId(text) || isUid(text),
    );
    const snapshot = await session.snapshot(applicationId, call);
    const gateways = [...(snapshot?.gateways.values() ?? [])];
    const found = gateways.find(({ clientId, gatewayUid }) => clientId === part || gatewayUid === part);
    if (!found) return notThere(snapshot, 'gateways', { noun, id });
    return {
      state: {
        ...defaultsOf(schema),
        ...issuedValues(found),
        application_id: applicationId,
        name: found.name,
        gateway_uid: found.gatewayUid,
      },
    };
  },
};
